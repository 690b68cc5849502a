import { LogIn } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Finding } from "../../../shared/model/finding.ts";
import { formatDuration } from "../../../shared/model/format-time.ts";
import { effectiveCap, type Profile, twinsOf, wordAccount } from "../../../shared/model/profile.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { useProfileHue } from "../../mirror/profile-hue.ts";
import { profileLook } from "../../mirror/state-look.ts";
import { useTicking } from "../../ui/age.tsx";
import { Button, ConfirmButton } from "../../ui/button.tsx";
import { FindingList } from "../../ui/finding-list.tsx";
import { NameChip } from "../../ui/name-chip.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { toastDone } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { CapEditor } from "./cap-editor.tsx";
import { editProfile, signIn, useProfilesView, wantProfile } from "./profiles-view-store.ts";
import { WindowBar } from "./window-bar.tsx";

export function ProfileCard({ profile }: { readonly profile: Profile }) {
  const [findings, setFindings] = useState<readonly Finding[] | null>(null);
  const slots = effectiveCap(profile);
  const hue = useProfileHue(profile.name);
  const card = useRef<HTMLLIElement>(null);
  const isWanted = useProfilesView((view) => view.wanted === profile.name);
  useEffect(() => {
    if (!isWanted) return;
    card.current?.scrollIntoView({ block: "nearest" });
    card.current?.focus({ preventScroll: true });
    wantProfile(null);
  }, [isWanted]);
  return (
    <li
      ref={card}
      tabIndex={-1}
      aria-label={profile.name}
      className="flex flex-col gap-3.5 rounded-lg border border-line bg-surface p-4"
    >
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="flex items-baseline gap-2">
            <NameChip name={profile.name} hue={hue} className="font-semibold text-base text-ink" />
            <span className="rounded border border-line px-1.5 text-muted text-xs">
              {profile.plan}
            </span>
          </h2>
          <p className="mt-1 truncate text-muted">{wordAccount(profile)}</p>
        </div>
        <StateMark look={profileLook[profile.state]} isBoxed />
      </header>
      {profile.reason && <p className="text-muted">{profile.reason}</p>}
      <Twins profile={profile} />
      <Rest profile={profile} />
      <div className="grid grid-cols-[6.5rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2">
        <CapEditor profile={profile} slots={slots} />
        <WindowBar title="Five hours" window="fiveHour" usage={profile.windows.fiveHour} />
        <WindowBar title="Week" window="sevenDay" usage={profile.windows.sevenDay} />
      </div>
      <p className="truncate font-mono text-2xs text-faint" title={profile.dir ?? ""}>
        {profile.dir ?? "The provider's default folder"}
      </p>
      <ProfileActions profile={profile} onFindings={setFindings} />
      {findings && (
        <div className="border-line border-t pt-1">
          <FindingList findings={findings} />
        </div>
      )}
    </li>
  );
}

/** Two profiles of one account: noticed as soon as both are known. */
function Twins({ profile }: { readonly profile: Profile }) {
  const profiles = useMirror((mirror) => mirror.profiles);
  const twins = twinsOf(profile, profiles);
  if (twins.length === 0) return null;
  return (
    <p className="text-warn">
      The same account as {twins.map(({ name }) => name).join(", ")}: they draw on one set of
      limits.
    </p>
  );
}

function Rest({ profile }: { readonly profile: Profile }) {
  const until = profile.restsUntil;
  const left = useTicking((now) => (until ? formatDuration(Date.parse(until) - now) : ""));
  return until && profile.state === "resting" ? (
    <p className="text-warn">Takes new work again in {left}.</p>
  ) : null;
}

function ProfileActions({
  profile,
  onFindings,
}: {
  readonly profile: Profile;
  readonly onFindings: (findings: readonly Finding[]) => void;
}) {
  const { run, isBusy } = useAction();
  const { name, state } = profile;
  const isOut = state === "signed-out" || state === "unchecked" || state === "incident";
  return (
    <div className="mt-auto flex flex-wrap gap-1.5">
      <Button
        isSmall
        kind={isOut ? "primary" : "plain"}
        icon={<LogIn size={13} />}
        onClick={() => signIn(name)}
      >
        Sign in to {name}
      </Button>
      <Button
        isSmall
        disabled={isBusy}
        onClick={() =>
          run(async () => {
            const { findings } = await call("profile.check", { name });
            onFindings(findings);
          })
        }
      >
        {isBusy ? "Checking…" : "Check"}
      </Button>
      <Button isSmall onClick={() => editProfile(name)}>
        Edit
      </Button>
      <Button
        isSmall
        disabled={isBusy}
        onClick={() => run(() => call("profile.set", { name, isDisabled: state !== "disabled" }))}
      >
        {state === "disabled" ? "Enable" : "Disable"}
      </Button>
      {profile.account && (
        <ConfirmButton
          isSmall
          disabled={isBusy}
          confirmText="Sign out now?"
          onConfirm={() => run(() => call("profile.logout", { name }))}
        >
          Sign out
        </ConfirmButton>
      )}
      <ConfirmButton
        isSmall
        kind="ghost"
        disabled={isBusy}
        confirmText="Remove the profile?"
        onConfirm={() =>
          run(async () => {
            await call("profile.remove", { name });
            toastDone(`${name} was removed. Its folder was left as it is.`);
          })
        }
      >
        Remove
      </ConfirmButton>
    </div>
  );
}
