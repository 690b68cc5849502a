import { Inbox } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../renderer/ui/button.tsx";
import { Dialog } from "../../../renderer/ui/dialog.tsx";
import { EmptyState } from "../../../renderer/ui/empty-state.tsx";
import { TextField } from "../../../renderer/ui/field.tsx";
import { FindingList } from "../../../renderer/ui/finding-list.tsx";
import { OutputBlock } from "../../../renderer/ui/output-block.tsx";
import { FactList, PanelSection, SidePanel } from "../../../renderer/ui/side-panel.tsx";
import { toastDone, toastError } from "../../../renderer/ui/toasts.tsx";
import { type Part, state } from "./part.ts";

const nothing = () => undefined;
const OUTPUT = "> shop@3.2.0 test\n> vitest run\n\n ✓ src/login/attempts.test.ts (6 tests) 41ms\n";

/** What holds other parts: dialogs, panels, lists, notices and empty places. */
export const pageParts = (isDialogOpen: boolean): readonly Part[] => [
  {
    name: "Dialog",
    states: [
      state("with all of it", <OpenDialog isOpen={isDialogOpen} />),
      state("bare", <OpenDialog isBare />),
    ],
  },
  {
    name: "Toasts",
    states: [
      state(
        "done",
        <Button onClick={() => toastDone("Landed 3 branches.")}>Say what was done</Button>,
      ),
      state(
        "not done",
        <Button onClick={() => toastError(new Error("The core did not answer in ten seconds."))}>
          Say what went wrong
        </Button>,
      ),
    ],
  },
  {
    name: "SidePanel",
    isWide: true,
    states: [state("plain", <Panel />), state("with actions", <Panel hasActions />)],
  },
  { name: "PanelSection", isWide: true, states: [state("in a panel", <Sections />)] },
  {
    name: "FactList",
    isWide: true,
    states: [
      state(
        "short and long",
        <FactList
          facts={[
            ["Branch", "switchyard/t-12-limit-sign-in-attempts-by-address-and-by-account"],
            ["Target", "main"],
            ["In the queue since", "Today, 11:42"],
          ]}
        />,
      ),
    ],
  },
  {
    name: "FindingList",
    isWide: true,
    states: [
      state(
        "good, warning and bad",
        <FindingList
          findings={[
            { name: "Git", result: "good", detail: "2.47.1", fix: null },
            {
              name: "Free disk",
              result: "warning",
              detail: "3.1 GB are left of 512 GB.",
              fix: "Remove what you do not need any more.",
            },
            {
              name: "Claude Code",
              result: "bad",
              detail: "No program of this name is in the path.",
              fix: "npm install --global @anthropic-ai/claude-code",
            },
          ]}
        />,
      ),
    ],
  },
  {
    name: "OutputBlock",
    isWide: true,
    states: [
      state(
        "folded",
        <OutputBlock
          title="npm test"
          look={{ word: "Passed", tone: "good", shape: "check" }}
          meta="41 s"
          text={OUTPUT}
        />,
      ),
      state(
        "open, with a note",
        <OutputBlock
          title="npm run a-check-with-a-name-that-is-much-longer-than-there-is-room -- --coverage --reporter=verbose"
          look={{ word: "Exit 1", tone: "bad", shape: "cross" }}
          meta="3 min 12 s"
          note="Its output was cut: 48 MB in the middle are missing."
          text={OUTPUT}
          isOpen
        />,
      ),
      state(
        "open, empty",
        <OutputBlock
          title="true"
          look={{ word: "Passed", tone: "good", shape: "check" }}
          meta="0 s"
          text=""
          isOpen
        />,
      ),
    ],
  },
  {
    name: "EmptyState",
    isWide: true,
    states: [
      state(
        "with actions",
        <EmptyState
          icon={<Inbox size={22} />}
          title="Nothing waits for you"
          actions={
            <>
              <Button kind="primary">New task</Button>
              <Button>Import a list</Button>
            </>
          }
        >
          Questions of workers and work to look at stand here.
        </EmptyState>,
      ),
      state(
        "alone",
        <EmptyState icon={<Inbox size={22} />} title="No activity yet">
          It begins with the first task.
        </EmptyState>,
      ),
    ],
  },
];

function OpenDialog({
  isOpen = false,
  isBare = false,
}: {
  readonly isOpen?: boolean;
  readonly isBare?: boolean;
}) {
  const [isShown, setIsShown] = useState(isOpen);
  const close = () => setIsShown(false);
  const title = isBare ? "A bare dialog" : "A dialog";
  return (
    <>
      <Button onClick={() => setIsShown(true)}>{`Open ${title.toLowerCase()}`}</Button>
      {isShown && (
        <Dialog
          title={title}
          onClose={close}
          isBare={isBare}
          footer={
            !isBare && (
              <>
                <Button onClick={close}>Cancel</Button>
                <Button kind="primary" onClick={close}>
                  Keep
                </Button>
              </>
            )
          }
        >
          <TextField label="Name" defaultValue="Evening watch" />
        </Dialog>
      )}
    </>
  );
}

function Panel({ hasActions = false }: { readonly hasActions?: boolean }) {
  return (
    <div className="flex h-56 flex-col">
      <SidePanel
        label={hasActions ? "Task t-12" : "Task t-13"}
        header={<h3 className="font-semibold text-base">Limit sign-in attempts by address</h3>}
        actions={
          hasActions && (
            <>
              <Button isSmall kind="primary">
                Start
              </Button>
              <Button isSmall>Edit</Button>
              <Button isSmall kind="danger">
                Cancel
              </Button>
            </>
          )
        }
        onClose={nothing}
      >
        <Sections />
      </SidePanel>
    </div>
  );
}

function Sections() {
  return (
    <>
      <PanelSection title="What is to be done">
        <p>After ten attempts in a minute the answer is 429, with the seconds to wait.</p>
      </PanelSection>
      <PanelSection title="Where it stands">
        <FactList facts={[["Branch", "switchyard/t-12-limit"]]} />
      </PanelSection>
    </>
  );
}
