import { useMirror } from "../../mirror/mirror.ts";
import { AddProfileDialog } from "./add-profile-dialog.tsx";
import { EditProfileDialog } from "./edit-profile-dialog.tsx";
import { ImportProfilesDialog } from "./import-profiles-dialog.tsx";
import { editProfile, openProfileDialog, signIn, useProfilesView } from "./profiles-view-store.ts";
import { SignInDialog } from "./sign-in-dialog.tsx";

/** The dialog that is open, from whatever view it was asked for. */
export function ProfileDialogs() {
  const { dialog, editing, signingIn } = useProfilesView();
  const edited = useMirror((mirror) => mirror.profiles.find(({ name }) => name === editing));
  const close = () => openProfileDialog(null);
  if (signingIn)
    return <SignInDialog key={signingIn} name={signingIn} onClose={() => signIn(null)} />;
  if (edited)
    return (
      <EditProfileDialog key={edited.name} profile={edited} onClose={() => editProfile(null)} />
    );
  if (dialog === "add") return <AddProfileDialog onClose={close} />;
  if (dialog === "import") return <ImportProfilesDialog onClose={close} />;
  return null;
}
