import { type GateHit, hit } from "./gate-rules.ts";

/** What a text of SQL, or of a document store's or a cache's own words, would take from a database. */
export function judgeSql(text: string): GateHit | null {
  for (const statement of toStatements(text)) {
    const found = judgeStatement(statement);
    if (found !== null) return hit("database", found);
  }
  return null;
}

function judgeStatement(sql: string): string | null {
  const dropped =
    /\bDROP\s+(?:TABLE|DATABASE|SCHEMA|KEYSPACE|COLLECTION|TABLESPACE|USER|ROLE|OWNED)\b/i;
  if (dropped.test(sql)) return `This would drop a part of the database: ${shorten(sql)}`;
  if (/\bALTER\s+TABLE\b.*\bDROP\s+(?:COLUMN\b|PARTITION\b)/is.test(sql))
    return `This would drop a column and what it holds: ${shorten(sql)}`;
  if (/^(?:.*\s)?TRUNCATE\s+(?:TABLE\s+)?[\w."`[]/is.test(sql))
    return `This would empty a table: ${shorten(sql)}`;
  if (/\bDELETE\s+FROM\b/i.test(sql) && !hasCondition(sql))
    return `This would delete every row: ${shorten(sql)}`;
  if (/\bUPDATE\s+[\w."`[\]]+(?:\s+(?:AS\s+)?\w+)?\s+SET\b/i.test(sql) && !hasCondition(sql))
    return `This would change every row: ${shorten(sql)}`;
  if (
    /\.(?:dropDatabase|drop)\s*\(\s*\)|\.(?:deleteMany|remove)\s*\(\s*(?:\{\s*\})?\s*\)/.test(sql)
  )
    return `This would empty a collection or more: ${shorten(sql)}`;
  if (/\bFLUSH(?:ALL|DB)\b/i.test(sql)) return `This would empty the cache: ${shorten(sql)}`;
  return null;
}

/** `WHERE 1=1` and the like hold for every row. */
function hasCondition(sql: string): boolean {
  const condition = /\bWHERE\s+(.*)$/is.exec(sql)?.[1];
  if (condition === undefined) return false;
  return !/^\(*\s*(?:(\d+)\s*=\s*\1|true|1|'?(\w+)'?\s*=\s*'?\2'?)\s*\)*\s*$/i.test(
    condition.trim(),
  );
}

/** Comments are taken out, and texts in quotes emptied: what they say is not run. */
function toStatements(text: string): readonly string[] {
  return text
    .replace(/\/\*.*?\*\//gs, " ")
    .replace(/--[^\n]*/g, " ")
    .replace(/'(?:[^']|'')*'/g, "''")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

function shorten(sql: string): string {
  const line = sql.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
