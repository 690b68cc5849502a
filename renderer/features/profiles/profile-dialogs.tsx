import { AddProfileDialog } from "./add-profile-dialog.tsx";
import { ImportProfilesDialog } from "./import-profiles-dialog.tsx";
import { openProfileDialog, signIn, useProfilesView } from "./profiles-view-store.ts";
import { SignInDialog } from "./sign-in-dialog.tsx";

/** The dialog that is open, from whatever view it was asked for. */
export function ProfileDialogs() {
  const { dialog, signingIn } = useProfilesView();
  const close = () => openProfileDialog(null);
  if (signingIn)
    return <SignInDialog key={signingIn} name={signingIn} onClose={() => signIn(null)} />;
  if (dialog === "add") return <AddProfileDialog onClose={close} />;
  if (dialog === "import") return <ImportProfilesDialog onClose={close} />;
  return null;
}
