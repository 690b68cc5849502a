import { type ReactNode, useEffect, useState } from "react";
import { type ErrorShape, toErrorShape } from "../../../shared/model/switchyard-error.ts";
import type { Dependent, RevertPlan, UndoPlan } from "../../../shared/model/take-back.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { toastDone } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { askForTakeBack, type TakeBack } from "./queue-view-store.ts";

interface Plan {
  readonly title: string;
  readonly text: ReactNode;
  /** Null: it cannot be done. */
  readonly confirm: { readonly text: string; readonly send: () => Promise<string> } | null;
}
type Loaded =
  | { readonly kind: "loading" }
  | { readonly kind: "shown"; readonly plan: Plan }
  | { readonly kind: "failed"; readonly error: ErrorShape };

/** Says what a revert or an undo takes back, and what came after it, before it is done. */
export function TakeBackDialog({ what }: { readonly what: TakeBack }) {
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });
  const { run, isBusy } = useAction();
  const close = () => askForTakeBack(null);
  useEffect(() => {
    let isStale = false;
    planOf(what).then(
      (plan) => !isStale && setLoaded({ kind: "shown", plan }),
      (error) => !isStale && setLoaded({ kind: "failed", error: toErrorShape(error) }),
    );
    return () => {
      isStale = true;
    };
  }, [what]);
  const plan = loaded.kind === "shown" ? loaded.plan : null;
  const confirm = plan?.confirm ?? null;
  return (
    <Dialog
      title={
        plan?.title ?? (what.kind === "undo" ? "Undo the last landing" : `Revert ${what.entry}`)
      }
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{confirm ? "Cancel" : "Close"}</Button>
          {confirm && (
            <Button
              kind="danger"
              disabled={isBusy}
              onClick={() =>
                run(async () => {
                  toastDone(await confirm.send());
                  close();
                })
              }
            >
              {confirm.text}
            </Button>
          )}
        </>
      }
    >
      {loaded.kind === "loading" && <p className="text-muted">Looking what came after it…</p>}
      {loaded.kind === "failed" && (
        <div role="alert" className="flex flex-col gap-2">
          <p className="text-bad">{loaded.error.message}</p>
          {loaded.error.hint && <p className="text-muted">{loaded.error.hint}</p>}
        </div>
      )}
      {plan?.text}
    </Dialog>
  );
}

async function planOf(what: TakeBack): Promise<Plan> {
  return what.kind === "undo"
    ? planUndo(what, await call("queue.undo-plan", { project: what.project }))
    : planRevert(await call("queue.revert-plan", { entry: what.entry }));
}

function planRevert({ entry, commit, target, dependents, conflicts }: RevertPlan): Plan {
  const isAnyway = dependents.length > 0;
  return {
    title: `Revert ${entry}`,
    text: (
      <div className="flex flex-col gap-3">
        <p>
          A new commit takes <Code text={commit.slice(0, 12)} /> back from <Code text={target} />.
          It goes through the queue: tested, then landed like any other work.
        </p>
        {isAnyway && (
          <section aria-label="What came after it">
            <h3 className="font-semibold">What came after it and may build on it</h3>
            <ul className="mt-1 flex flex-col gap-1.5">
              {dependents.map((each) => (
                <DependentRow key={`${each.entry}${each.commit}${each.task}`} dependent={each} />
              ))}
            </ul>
          </section>
        )}
        {conflicts.length > 0 && (
          <p className="text-bad">
            It cannot be reverted by itself: later work changed the same lines in{" "}
            {conflicts.join(", ")}. Revert that first, or make a task of it.
          </p>
        )}
      </div>
    ),
    confirm:
      conflicts.length > 0
        ? null
        : {
            text: isAnyway ? "Revert anyway" : "Revert",
            send: async () => {
              const made = await call("queue.revert", { entry, isAnyway });
              return `${made.id} takes back what ${entry} landed.`;
            },
          },
  };
}

function DependentRow({ dependent }: { readonly dependent: Dependent }) {
  const { title, commit, entry, task, files } = dependent;
  const ids = [entry, task, commit?.slice(0, 9)].filter(Boolean).join(" ");
  return (
    <li className="break-words">
      {title} <span className="font-mono text-faint text-xs">{ids}</span>
      <span className="block text-muted text-xs">
        {files.length > 0 ? `touches ${files.join(", ")} too` : "its task waited for this one"}
      </span>
    </li>
  );
}

function planUndo({ project }: TakeBack & { kind: "undo" }, plan: UndoPlan): Plan {
  const { entries, before, target, holders } = plan;
  const isAnyway = holders.length > 0;
  const named = entries.join(", ");
  return {
    title: `Undo the landing of ${named}`,
    text: (
      <div className="flex flex-col gap-3">
        <p>
          <Code text={target} /> goes back to <Code text={before.slice(0, 12)} />, as if {named} had
          not landed. The work stays on its branch, and its task waits for you. Your own changes
          stay.
        </p>
        {isAnyway && (
          <section aria-label="What began on top of it">
            <h3 className="font-semibold">Work under way holds it, and will bring it back</h3>
            <ul className="mt-1 flex flex-col gap-1">
              {holders.map(({ task, branch }) => (
                <li key={task} className="break-all">
                  {task} <Code text={branch} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    ),
    confirm: {
      text: isAnyway ? "Undo anyway" : "Undo",
      send: async () => {
        await call("queue.undo", { project, isAnyway });
        return `The landing of ${named} is undone.`;
      },
    },
  };
}

function Code({ text }: { readonly text: string }) {
  return <span className="break-all font-mono text-xs">{text}</span>;
}
