import { FolderSearch, Plus, Users } from "lucide-react";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { ProfileCard } from "./profile-card.tsx";
import { openProfileDialog } from "./profiles-view-store.ts";
import { UsagePanel } from "./usage-panel.tsx";

export function ProfilesView() {
  const profiles = useMirror((mirror) => mirror.profiles);
  const inOrder = [...profiles].sort((a, b) => a.order - b.order);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-2 px-3">
        <h1 className="sr-only">Profiles</h1>
        <span className="text-muted">{formatCount(profiles.length, "profile")}</span>
        <div className="ml-auto flex gap-2">
          <Button icon={<FolderSearch size={14} />} onClick={() => openProfileDialog("import")}>
            Import profiles
          </Button>
          <Button kind="primary" icon={<Plus size={14} />} onClick={() => openProfileDialog("add")}>
            Add profile
          </Button>
        </div>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {profiles.length === 0 && <NoProfiles />}
        <ul
          aria-label="Profiles"
          className="grid grid-cols-[repeat(auto-fill,minmax(27rem,1fr))] items-start gap-2"
        >
          {inOrder.map((profile) => (
            <ProfileCard key={profile.name} profile={profile} />
          ))}
        </ul>
        {profiles.length > 0 && <UsagePanel />}
      </div>
    </div>
  );
}

function NoProfiles() {
  return (
    <EmptyState icon={<Users size={22} />} title="No profiles yet">
      <p>
        A profile is one Claude subscription of yours, with a folder of its own. Workers are spread
        over the profiles that are signed in.
      </p>
    </EmptyState>
  );
}
