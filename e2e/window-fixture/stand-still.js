import mono from "dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf";
import bold from "dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf";
import inter from "inter-ui/variable/InterVariable.woff2";

/** The mono one has a name that the window's own list of letters for code has. */
const LETTERS = [
  new FontFace("InterVariable", `url(${inter})`, { weight: "100 900" }),
  new FontFace("SF Mono", `url(${mono})`, { weight: "400" }),
  new FontFace("SF Mono", `url(${bold})`, { weight: "700" }),
];

/** For pictures that are compared: programs print nothing more, and letters are the same on every machine, there before anything measures them. */
export async function standStill() {
  document.documentElement.dataset.still = "true";
  await import("./still.css");
  for (const letters of await Promise.all(LETTERS.map((each) => each.load())))
    document.fonts.add(letters);
}
