import path from "node:path";
import { type GateHit, hit } from "./gate-rules.ts";

interface Phrase {
  /** Found in this order among a command's words, with others between; the first one names the program. */
  readonly words: readonly RegExp[];
  readonly rule: string;
  readonly why: string;
  /** A word that makes it harmless. */
  readonly unless?: RegExp;
}

const database = (why: string, ...words: readonly RegExp[]): Phrase => ({
  words,
  rule: "database",
  why,
});
const infrastructure = (why: string, ...words: readonly RegExp[]): Phrase => ({
  words,
  rule: "infrastructure",
  why,
});
const RESET = "This would empty the database and build it anew.";
const CLOUD = "This would delete something in the cloud.";
const DOCKER = /^(docker|podman|nerdctl|docker-compose)$/;

/** Commands of programs whose words say enough. To add one is to add a line, and its case in find-destructive.test.ts. */
const PHRASES: readonly Phrase[] = [
  database(RESET, /^artisan$/, /^(migrate:(fresh|reset|refresh)|db:wipe)$/),
  database(RESET, /^(rails|rake)$/, /^(db:(drop|reset|purge|schema:load)(:.*)?|db:migrate:reset)$/),
  database(RESET, /^prisma$/, /^migrate$/, /^reset$/),
  database(RESET, /^prisma$/, /^db$/, /^push$/, /^--(force-reset|accept-data-loss)$/),
  database(RESET, /^sequelize(-cli)?$/, /^(db:drop|db:migrate:undo:all)$/),
  database(RESET, /^typeorm(-ts-node-\w+)?$/, /^schema:drop$/),
  database(RESET, /^knex$/, /^migrate:rollback$/, /^--all$/),
  database(RESET, /^manage\.py$|^django-admin$/, /^(flush|reset_db)$/),
  database(RESET, /^alembic$/, /^downgrade$/, /^base$/),
  database(RESET, /^flyway$/, /^clean$/),
  database(RESET, /^liquibase$/, /^(dropAll|drop-all)$/),
  database(RESET, /^console$|^doctrine(\.php)?$/, /^doctrine:(schema|database):drop$/),
  database(RESET, /^mix$/, /^ecto\.(drop|reset)$/),
  database(RESET, /^supabase$/, /^db$/, /^reset$/),
  database(RESET, /^(dbmate|goose|sqlx|diesel|wp)$/, /^(drop|reset)$/),
  database(RESET, /^heroku$/, /^pg:reset$/),
  database("This would drop a whole database.", /^dropdb$/),
  database("This would drop a whole database.", /^mysqladmin$/, /^drop$/),
  database("This would empty the cache.", /^redis-cli$/, /^flush(all|db)$/i),
  infrastructure(
    "This would take down infrastructure.",
    /^(terraform|tofu|terragrunt|pulumi|cdk|cdktf|eksctl)$/,
    /^(destroy|run-all)$/,
  ),
  infrastructure(
    "This would change infrastructure without showing what first.",
    /^(terraform|tofu|terragrunt)$/,
    /^apply$/,
    /^--?auto-approve(=true)?$/,
  ),
  infrastructure(
    "This would make the state forget what exists.",
    /^(terraform|tofu)$/,
    /^(state|workspace)$/,
    /^(rm|delete)$/,
  ),
  infrastructure("This would take down a stack.", /^pulumi$/, /^stack$/, /^rm$/),
  infrastructure("This would take down infrastructure.", /^(serverless|sls)$/, /^remove$/),
  {
    words: [/^(kubectl|oc|k3s)$/, /^(delete|drain)$/],
    rule: "infrastructure",
    why: "This would delete something in the cluster.",
    unless: /^--dry-run(=.*)?$/,
  },
  infrastructure(
    "This would stop what runs in the cluster.",
    /^(kubectl|oc)$/,
    /^scale$/,
    /^--replicas=0$/,
  ),
  infrastructure("This would delete a release from the cluster.", /^helm$/, /^(uninstall|delete)$/),
  {
    words: [/^aws$/, /^(delete|terminate|remove|purge|deregister|release)-/],
    rule: "cloud",
    why: CLOUD,
    unless: /^--dry-?run$/,
  },
  { words: [/^aws$/, /^s3$/, /^(rm|rb)$/], rule: "cloud", why: CLOUD, unless: /^--dry-?run$/ },
  {
    words: [/^aws$/, /^s3$/, /^sync$/, /^--delete$/],
    rule: "cloud",
    why: CLOUD,
    unless: /^--dry-?run$/,
  },
  {
    words: [/^(gcloud|az|doctl|linode-cli|hcloud|ibmcloud|scw)$/, /^(delete|purge|destroy)$/],
    rule: "cloud",
    why: CLOUD,
  },
  { words: [/^gcloud$/, /^storage$/, /^rm$/], rule: "cloud", why: CLOUD },
  { words: [/^gsutil$/, /^(rm|rb)$/], rule: "cloud", why: CLOUD },
  {
    words: [
      /^(fly|flyctl|heroku|vercel|netlify|firebase|wrangler|railway)$/,
      /^(apps:destroy|destroy|delete|rm|remove|sites:delete|.*:delete)$/,
    ],
    rule: "cloud",
    why: CLOUD,
  },
  {
    words: [DOCKER, /^prune$/],
    rule: "containers",
    why: "This would delete containers, images or volumes of others.",
  },
  {
    words: [DOCKER, /^volume$/, /^(rm|remove)$/],
    rule: "containers",
    why: "This would delete a volume and what it holds.",
  },
  {
    words: [DOCKER, /^down$/, /^(-v|--volumes|--rmi.*)$/],
    rule: "containers",
    why: "This would delete volumes and what they hold.",
  },
  {
    words: [/^(gh|glab)$/, /^(repo|release|secret|project)$/, /^(delete|archive)$/],
    rule: "hosting",
    why: "This would delete something where the repository is hosted.",
  },
  {
    words: [/^(gh|glab)$/, /^api$/, /^(-X|--method)$/, /^DELETE$/i],
    rule: "hosting",
    why: "This would delete something where the repository is hosted.",
  },
  {
    words: [/^(npm|pnpm|yarn|bun|cargo|poetry|uv|hatch|lerna|vsce)$/, /^(publish|unpublish|yank)$/],
    rule: "publish",
    why: "This would publish a package for everyone, which cannot be taken back.",
    unless: /^(--dry-run|-n)$/,
  },
  {
    words: [/^twine$/, /^upload$/],
    rule: "publish",
    why: "This would publish a package for everyone.",
  },
  {
    words: [/^gem$/, /^(push|yank)$/],
    rule: "publish",
    why: "This would publish a package for everyone.",
  },
  {
    words: [/^(mkfs(\..+)?|wipefs|fdisk|sfdisk|parted|mkswap|blkdiscard)$/],
    rule: "device",
    why: "This would make a disk forget what it holds.",
    unless: /^(-l|--list)$/,
  },
  {
    words: [/^diskutil$/, /^(erase\w*|partitionDisk)$/],
    rule: "device",
    why: "This would erase a disk.",
  },
  {
    words: [/^crontab$/, /^-\w*r\w*$/],
    rule: "system",
    why: "This would delete all planned jobs of the user.",
  },
  {
    words: [
      /^(systemctl|service|launchctl|rc-service)$/,
      /^(stop|disable|mask|kill|unload|bootout|remove)$/,
    ],
    rule: "system",
    why: "This would stop a service of the machine.",
    unless: /^--user$/,
  },
  {
    words: [/^(umount|passwd)$/],
    rule: "system",
    why: "This would change the machine for everyone.",
  },
  {
    words: [/^gpg2?$/, /^--delete-(secret-)?keys?$/],
    rule: "system",
    why: "This would delete a key of the person's.",
  },
  {
    words: [/^(shutdown|reboot|halt|poweroff)$/],
    rule: "system",
    why: "This would stop the machine.",
  },
  {
    words: [/^(userdel|deluser|groupdel)$/],
    rule: "system",
    why: "This would delete a user of the machine.",
  },
  {
    words: [/^iptables$/, /^(-F|--flush)$/],
    rule: "system",
    why: "This would open the machine's firewall.",
  },
];

/** These only speak of other commands. */
const READERS =
  /^(echo|printf|grep|egrep|rg|ag|ack|cat|less|head|tail|sed|awk|man|which|type|whereis|test|\[|\[\[|ls|git|cd|export|alias|command|true|:|jq|diff|wc|sort|find|touch|mkdir|code|vim|nano)$/;

export function judgePhrases(words: readonly string[]): GateHit | null {
  if (READERS.test(path.basename(words[0] ?? ""))) return null;
  if (isForHelp(words)) return null;
  for (const phrase of PHRASES) {
    if (!isFound(phrase.words, words)) continue;
    if (phrase.unless && words.some((word) => phrase.unless?.test(word))) continue;
    return hit(phrase.rule, phrase.why);
  }
  return null;
}

/** `terraform destroy --help`. Behind an option or a dash it may be a value, or a word for somebody else. */
function isForHelp(words: readonly string[]): boolean {
  const last = words.at(-1) ?? "";
  if (last === "--version") return words.length === 2;
  return last === "--help" && words.slice(0, -1).every((word) => /^[a-z0-9]/i.test(word));
}

function isFound(phrase: readonly RegExp[], words: readonly string[]): boolean {
  let at = 0;
  for (const [index, pattern] of phrase.entries()) {
    const found = words.findIndex(
      (word, place) => place >= at && pattern.test(index === 0 ? programOf(word) : word),
    );
    // A program that needs no further word is only meant where a program stands.
    if (found < 0 || (phrase.length === 1 && found > 0)) return false;
    at = found + 1;
  }
  return true;
}

/** `npx prisma@6` runs prisma. */
function programOf(word: string): string {
  return path.basename(word).replace(/@[\w.^~-]+$/, "");
}
