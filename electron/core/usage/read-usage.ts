import type { ProfileName } from "../../../shared/model/ids.ts";
import type { PriceList } from "../../../shared/model/price-list.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { Advice, Burner, UsageReport } from "../../../shared/model/usage-report.ts";
import type { Store } from "../store/store.ts";
import { planAdvice } from "./plan-advice.ts";
import { thinSamples } from "./thin-samples.ts";

const HOUR_MS = 3_600_000;
/** The length of a five-hour window: who used it up is told of that long. */
const BURNERS_MS = 5 * HOUR_MS;
const BURNERS_MAX = 10;
/** Four weeks: what a month's plans have to carry. */
const ADVICE_MS = 28 * 24 * HOUR_MS;
/** More points than a chart has pixels for. */
const POINTS_MAX = 400;

export interface UsageParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly prices: () => PriceList;
}

/** What was measured of these profiles in the last hours, who used it, and what the measured use of all says about their plans. */
export function readUsage(
  parts: UsageParts,
  profiles: readonly Profile[],
  hours: number,
): UsageReport {
  const now = parts.now();
  const sinceMs = now.getTime() - hours * HOUR_MS;
  const burners = readBurners(parts, now.getTime() - BURNERS_MS);
  return {
    at: now.toISOString(),
    profiles: profiles.map(({ name, plan, live, windows }) => ({
      name,
      plan,
      live,
      windows,
      burners: burners.get(name) ?? [],
      history: {
        fiveHour: [...thinSamples(samples(name, "fiveHour", sinceMs), POINTS_MAX)],
        sevenDay: [...thinSamples(samples(name, "sevenDay", sinceMs), POINTS_MAX)],
      },
    })),
    advice: readAdvice(parts, now),
  };

  function samples(name: ProfileName, window: "fiveHour" | "sevenDay", fromMs: number) {
    return parts.store.gauges.samplesOf(name, window, fromMs);
  }
}

function readBurners({ store }: UsageParts, sinceMs: number): Map<ProfileName, Burner[]> {
  const used = [...store.gauges.tokensSince(sinceMs)].flatMap(([id, tokens]) => {
    const session = store.sessions.find(id);
    return session && tokens > 0 ? [{ session, tokens }] : [];
  });
  const byProfile = Map.groupBy(used, ({ session }) => session.profile);
  return new Map(
    [...byProfile].map(([profile, its]) => {
      const all = its.reduce((sum, { tokens }) => sum + tokens, 0);
      const most = its.toSorted((a, b) => b.tokens - a.tokens).slice(0, BURNERS_MAX);
      const burners = most.map(({ session: { id, task, name }, tokens }) => ({
        session: id,
        task,
        title: (task && store.tasks.find(task)?.title) ?? name,
        tokens,
        share: tokens / all,
      }));
      return [profile, burners];
    }),
  );
}

function readAdvice({ store, prices }: UsageParts, now: Date): Advice {
  const sinceMs = now.getTime() - ADVICE_MS;
  const { gauges } = store;
  return planAdvice({
    prices: prices(),
    apiUsd: gauges.costSince(sinceMs),
    profiles: store.profiles.list().map(({ name, plan }) => ({
      name,
      plan,
      fiveHour: gauges.samplesOf(name, "fiveHour", sinceMs),
      sevenDay: gauges.samplesOf(name, "sevenDay", sinceMs),
      livePeaks: gauges.livePeaks(name, sinceMs),
    })),
  });
}
