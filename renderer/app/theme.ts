import { create } from "zustand";
import { useTerminalSettings } from "../terminal/terminal-settings.ts";

export type Theme = "system" | "light" | "dark";

/** The key is also read by public/early-theme.js. */
const THEME_KEY = "switchyard.theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: storedTheme() }));

function storedTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(THEME_KEY);
  else localStorage.setItem(THEME_KEY, theme);
  useTheme.setState({ theme });
}

export function nextTheme(theme: Theme): Theme {
  return theme === "system" ? "light" : theme === "light" ? "dark" : "system";
}

/** Carries the choice to the page and to the terminals, which know no CSS. */
export function followTheme(signal: AbortSignal): void {
  const show = () => {
    const { theme } = useTheme.getState();
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const isDark = theme === "dark" || (theme === "system" && systemDark.matches);
    useTerminalSettings.setState({ theme: isDark ? "dark" : "light" });
  };
  const paint = () => {
    const { look, theme } = useTerminalSettings.getState();
    const background = look[theme]?.background;
    if (background) document.documentElement.style.setProperty("--terminal", background);
    else document.documentElement.style.removeProperty("--terminal");
  };
  show();
  paint();
  signal.addEventListener("abort", useTerminalSettings.subscribe(paint));
  systemDark.addEventListener("change", show, { signal });
  const unsubscribe = useTheme.subscribe(show);
  signal.addEventListener("abort", unsubscribe);
}
