import { Copy, ExternalLink } from "lucide-react";
import { useState } from "react";
import type { Profile } from "../../../shared/model/profile.ts";
import type { Session } from "../../../shared/model/session.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { copyText } from "../../ui/copy-text.ts";
import { TextField } from "../../ui/field.tsx";
import { openLink } from "../../ui/open-link.ts";
import { QrCode } from "../../ui/qr-code.tsx";
import { useAction } from "../../ui/use-action.ts";

/** The page to sign in at, here or on another device, and the place for the code that it may show. */
export function SignInLink({
  session,
  profile,
}: {
  readonly session: Session;
  readonly profile: Profile | undefined;
}) {
  const { link, codeLink, reason } = session;
  const here = link ?? codeLink;
  const shown = codeLink ?? link;
  if (here === null || shown === null) return null;
  const browser = profile?.browser ?? null;
  const isOpened = browser !== null && reason === null;
  return (
    <div className="mb-3 flex gap-4 rounded-md border border-accent/40 bg-accent/8 p-3">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p className="font-medium">
          {isOpened
            ? "The page is open in the browser of this profile. Sign in there, and paste the code below if one is shown."
            : "Open this link, sign in there, and paste the code below if one is shown."}
        </p>
        {isOpened && <p className="truncate font-mono text-muted text-xs">{browser}</p>}
        {reason !== null && <p className="text-warn">It says: {reason}</p>}
        <p className="line-clamp-3 break-all font-mono text-muted text-xs" title={shown}>
          {shown}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            isSmall
            kind={isOpened ? "plain" : "primary"}
            icon={<ExternalLink size={13} />}
            onClick={() => openLink(here)}
          >
            Open in the browser
          </Button>
          <Button isSmall icon={<Copy size={13} />} onClick={() => copyText(shown)}>
            Copy link
          </Button>
        </div>
        <CodeForm name={session.profile} />
      </div>
      {codeLink !== null && (
        <figure className="flex w-36 shrink-0 flex-col gap-1.5">
          <QrCode
            text={codeLink}
            label="The sign-in link as a QR code"
            className="w-full rounded-md"
          />
          <figcaption className="text-center text-faint text-xs">
            On another device: scan, sign in, paste the code here.
          </figcaption>
        </figure>
      )}
    </div>
  );
}

/** What is typed goes to the program's prompt and is kept nowhere. */
function CodeForm({ name }: { readonly name: Profile["name"] }) {
  const [code, setCode] = useState("");
  const { run, isBusy } = useAction();
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        run(async () => {
          await call("profile.send-code", { name, code });
          setCode("");
        });
      }}
    >
      <TextField
        label="Code from the page"
        isMono
        placeholder="Paste it here, or into the terminal"
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" disabled={isBusy || code.trim() === ""}>
        Send code
      </Button>
    </form>
  );
}
