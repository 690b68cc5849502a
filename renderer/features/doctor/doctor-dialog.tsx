import { Dialog } from "../../ui/dialog.tsx";
import { MachineCheck } from "./machine-check.tsx";

export function DoctorDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Check this machine" width="max-w-2xl" onClose={onClose}>
      <MachineCheck />
    </Dialog>
  );
}
