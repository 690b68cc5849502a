import { Copy } from "lucide-react";
import { IconButton } from "./button.tsx";
import { copyText } from "./copy-text.ts";
import { type Look, StateMark } from "./state-mark.tsx";

interface Finding {
  readonly name: string;
  readonly result: "good" | "warning" | "bad";
  readonly detail: string;
  readonly fix: string | null;
}

const looks: Readonly<Record<Finding["result"], Look>> = {
  good: { word: "Good", tone: "good", shape: "check" },
  warning: { word: "Warning", tone: "warn", shape: "triangle" },
  bad: { word: "Bad", tone: "bad", shape: "cross" },
};

const ORDER: readonly Finding["result"][] = ["bad", "warning", "good"];

/** What was looked at, what was found, and what to do about it; what is in the way stands first. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  const worstFirst = [...findings].sort(
    (a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result),
  );
  return (
    <ul aria-label="Findings" className="flex flex-col divide-y divide-line">
      {worstFirst.map((finding) => (
        <li key={finding.name} className="flex items-start gap-3 py-2">
          <span className="flex w-18 shrink-0 pt-px">
            <StateMark look={looks[finding.result]} />
          </span>
          <div className="min-w-0 flex-1">
            <p className="break-words text-sm">
              <span className="font-medium">{finding.name}</span>{" "}
              <span className="text-muted">{finding.detail}</span>
            </p>
            {finding.fix && <p className="break-words text-muted text-xs">{finding.fix}</p>}
          </div>
          {finding.fix && (
            <IconButton
              label={`Copy the fix of ${finding.name}`}
              isSmall
              onClick={() => copyText(finding.fix ?? "")}
            >
              <Copy size={13} />
            </IconButton>
          )}
        </li>
      ))}
    </ul>
  );
}
