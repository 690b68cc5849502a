import { create } from "zustand";
import type { ProfileName } from "../../../shared/model/ids.ts";

interface ProfilesView {
  readonly dialog: "add" | "import" | null;
  readonly editing: ProfileName | null;
  readonly signingIn: ProfileName | null;
  /** Whose card is to come into sight as soon as it is there. */
  readonly wanted: ProfileName | null;
  /** The part on usage is to come into sight as soon as it is there. */
  readonly isUsageWanted: boolean;
}

/** What this window shows of the profiles. */
export const useProfilesView = create<ProfilesView>(() => ({
  dialog: null,
  editing: null,
  signingIn: null,
  wanted: null,
  isUsageWanted: false,
}));

export function openProfileDialog(dialog: ProfilesView["dialog"]): void {
  useProfilesView.setState({ dialog });
}

export function signIn(signingIn: ProfileName | null): void {
  useProfilesView.setState({ signingIn });
}

export function editProfile(editing: ProfileName | null): void {
  useProfilesView.setState({ editing });
}

export function wantProfile(wanted: ProfileName | null): void {
  useProfilesView.setState({ wanted });
}

export function wantUsage(isUsageWanted: boolean): void {
  useProfilesView.setState({ isUsageWanted });
}
