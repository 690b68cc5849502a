import assert from "node:assert/strict";
import test from "node:test";
import { formatCsv } from "../src/csv.js";

const ride = { train: "RE 7", from: "Dunmere", to: "Eastry", departs: 561, arrives: 585 };

test("writes headings and a row for each ride", () => {
  assert.equal(formatCsv([ride]), "train,from,to,departs,arrives\nRE 7,Dunmere,Eastry,09:21,09:45");
});

test("puts values with a comma or a quote in quotes", () => {
  const [, row] = formatCsv([{ ...ride, from: 'Old "Pier"', to: "Eastry, Harbour" }]).split("\n");
  assert.equal(row, 'RE 7,"Old ""Pier""","Eastry, Harbour",09:21,09:45');
});
