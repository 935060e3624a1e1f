import { useEffect } from "react";
import { useSetting } from "./use-setting.ts";
import type { Language } from "./words.ts";

const LANGUAGES = ["en", "zh"] as const;
const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Appearance {
  readonly language: Language;
  readonly theme: Theme;
  setTheme(theme: Theme): void;
  nextTheme(): void;
  switchLanguage(): void;
}

/** The language and the theme that this browser remembers, told to the document too. */
export function useAppearance(): Appearance {
  const preferred = navigator.language.startsWith("zh") ? "zh" : "en";
  const [language, setLanguage] = useSetting<Language>("language", preferred, LANGUAGES);
  const [theme, setTheme] = useSetting<Theme>("theme", "auto", THEMES);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  useEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return {
    language,
    theme,
    setTheme,
    nextTheme: () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto"),
    switchLanguage: () => setLanguage(language === "en" ? "zh" : "en"),
  };
}
