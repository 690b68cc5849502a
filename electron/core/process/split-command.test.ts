import { expect, test } from "vitest";
import { splitCommand } from "./split-command.ts";

test.each([
  ["firefox -P work", ["firefox", "-P", "work"]],
  [`  open -na "Google Chrome" --args  `, ["open", "-na", "Google Chrome", "--args"]],
  [`/a/b --profile-directory='Profile 2'`, ["/a/b", "--profile-directory=Profile 2"]],
  [`/my\\ programs/b "say \\"hi\\"" ''`, ["/my programs/b", 'say "hi"', ""]],
  ["echo $HOME `x`; y", ["echo", "$HOME", "`x`;", "y"]],
])("%s", (command, words) => expect(splitCommand(command)).toEqual(words));

test("half a quote and no command at all are told", () => {
  expect(() => splitCommand(`chrome "Profile 2`)).toThrow(
    'A quote (") is not ended in: chrome "Profile 2',
  );
  expect(() => splitCommand("  ")).toThrow("The command is empty.");
});
