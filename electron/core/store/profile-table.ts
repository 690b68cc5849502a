import type { ProfileName } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { GaugeTables } from "./gauge-tables.ts";
import { type Columns, notFound, Rows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { TableContext } from "./table-context.ts";

type ProfileRow = Omit<Profile, "live" | "windows" | "envNames"> & {
  readonly env: Readonly<Record<string, string>>;
  readonly live: number;
};

const columns: Columns<Omit<ProfileRow, "live">> = {
  name: "text",
  provider: "text",
  plan: "text",
  dir: "text",
  cap: "number",
  learnedCap: "number",
  executable: "text",
  colour: "text",
  browser: "text",
  env: "json",
  state: "text",
  reason: "text",
  restsUntil: "text",
  account: "json",
  checkedAt: "text",
  order: "number",
  moves: "text",
};

/** Sessions that hold a slot: live workers, from the moment they are claimed. A sign-in holds none. */
export const COUNT_LIVE_WORKERS =
  "SELECT count(*) FROM sessions WHERE kind = 'worker' AND state NOT IN ('stopped', 'ended', 'failed') AND profile = ?";

export function createProfileTable(
  { db, touched }: TableContext,
  gauges: GaugeTables,
): Store["profiles"] {
  const rows = new Rows<Omit<ProfileRow, "live">>(db, "profiles", columns);
  const findRow = (name: ProfileName) => rows.select("WHERE name = ?", [name])[0];

  function toProfile({ env, ...row }: Omit<ProfileRow, "live">): Profile {
    return {
      ...row,
      envNames: Object.keys(env),
      live: Number(rows.value(COUNT_LIVE_WORKERS, row.name)),
      windows: gauges.windowsOf(row.name),
    };
  }

  return {
    list: () => rows.select('ORDER BY "order", name').map(toProfile),
    find(name) {
      const row = findRow(name);
      return row && toProfile(row);
    },
    insert(profile, env) {
      const { profiles, removedProfiles } = touched();
      refuseTaken(profile);
      const order = Number(rows.value('SELECT ifnull(max("order"), 0) + 1 FROM profiles'));
      rows.insert({ colour: null, browser: null, moves: "none", ...profile, env, order });
      profiles.add(profile.name);
      removedProfiles.delete(profile.name);
    },
    update(name, patch) {
      const { profiles } = touched();
      rows.patch("name", name, patch);
      profiles.add(name);
    },
    remove(name) {
      const { profiles, removedProfiles } = touched();
      if (!findRow(name)) throw notFound("profiles", name);
      const sql = COUNT_LIVE_WORKERS.replace("kind = 'worker' AND ", "");
      const live = Number(rows.value(sql, name));
      if (live > 0) {
        throw new SwitchyardError(
          "wrong-state",
          `${name} has ${live} live ${live === 1 ? "session" : "sessions"}.`,
          "Stop them first.",
        );
      }
      rows.run("DELETE FROM profiles WHERE name = ?", name);
      gauges.forgetProfile(name);
      profiles.delete(name);
      removedProfiles.add(name);
    },
    envOf(name) {
      const row = findRow(name);
      if (!row) throw notFound("profiles", name);
      return row.env;
    },
    setEnv(name, env) {
      const { profiles } = touched();
      rows.patch("name", name, { env });
      profiles.add(name);
    },
  };

  function refuseTaken(profile: Pick<Profile, "name" | "provider" | "dir">): void {
    const where = "WHERE name = ? OR (provider = ? AND ifnull(dir, '') = ifnull(?, ''))";
    const [same] = rows.select(where, [profile.name, profile.provider, profile.dir]);
    if (!same) return;
    const what =
      same.name === profile.name
        ? `There is a profile ${same.name} already.`
        : `The folder ${same.dir ?? "that the provider uses by default"} belongs to profile ${same.name}: one folder is one login.`;
    throw new SwitchyardError("name-taken", what, "Choose another name or folder.");
  }
}
