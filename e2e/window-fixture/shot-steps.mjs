// What is done in a window before its picture is taken; each is a function of the page.

export const shot = (name, query, ...steps) => ({ name, query, steps });

export const tab = (name) => (page) =>
  page.getByRole("navigation", { name: "Views" }).getByText(name).click();
export const inTab = (name) => (page) => page.getByRole("tab", { name }).click();
export const row = (text) => (page) => page.getByText(text).first().click();
export const lastRow = (text) => (page) => page.getByText(text).last().click();
export const button = (name) => (page) =>
  page.getByRole("button", { name, exact: true }).first().click();
export const inQueue = (text) => inTurn(tab("Queue"), row(text));
export const inSettings = (name) => inTurn(button("Project settings"), button(name));

export const type = (text) => (page) => page.keyboard.type(text);
export const press = (...keys) => inTurn(...keys.map((key) => (page) => page.keyboard.press(key)));
export const find = (text) => inTurn(press("Control+Shift+P"), type(text));
export const search = (text) => inTurn(press("Control+Shift+S"), type(text));
export const broadcast = (text) => inTurn(press("Control+Shift+B"), type(text));

export const focusPane = (page) => page.getByRole("region", { name: "Terminal t-3" }).click();
export const focusOn = (name) => (page) => page.getByRole("region", { name }).focus();
export const scrollTo = (name) => (page) =>
  page.getByRole("region", { name }).scrollIntoViewIfNeeded();

export const untilAlert = (page) => page.getByRole("alert").first().waitFor();
export const untilText = (text) => (page) => page.getByText(text).waitFor();

/** From one row of a list to the upper half of another; it is not let go. */
export const drag = (from, onto) => async (page) => {
  const middleOf = async (id) => {
    const box = await page.locator(`[data-entry="${id}"]`).boundingBox();
    return [box.x + 120, box.y + box.height / 2];
  };
  await page.mouse.move(...(await middleOf(from)));
  await page.mouse.down();
  const [x, y] = await middleOf(onto);
  await page.mouse.move(x, y - 8, { steps: 4 });
};

/** One pane by its header onto the left edge of another; it is not let go. */
export const dragPane = (from, onto) => async (page) => {
  const boxOf = (name) =>
    page.getByRole("region", { name: `Terminal ${name}`, exact: true }).boundingBox();
  const [one, other] = [await boxOf(from), await boxOf(onto)];
  await page.mouse.move(one.x + one.width * 0.6, one.y + 14);
  await page.mouse.down();
  await page.mouse.move(other.x + 30, other.y + other.height / 2, { steps: 5 });
};

function inTurn(...steps) {
  return async (page) => {
    for (const step of steps) await step(page);
  };
}
