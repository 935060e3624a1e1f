import type { ReactNode } from "react";
import { IconButton } from "./icon-button.tsx";
import { CommandIcon, DatabaseIcon, HelpIcon, ListIcon, Mark, PlusIcon, ThemeIcon } from "./icons.tsx";
import { paletteWords } from "./palette-words.ts";
import type { Appearance } from "./use-appearance.ts";
import { words } from "./words.ts";

interface Props {
  readonly appearance: Appearance;
  readonly hasWorkspace: boolean;
  /** Whether there is a conversation that a new one would take the place of. */
  readonly canRestart: boolean;
  /** The menu of exports, where there is something to export. */
  readonly children: ReactNode;
  onOpen(dialog: "threads" | "workspace" | "palette" | "help"): void;
  onRestart(): void;
}

/** The name of the page and what concerns all of it. */
export function TopBar({ appearance, hasWorkspace, canRestart, children, onOpen, onRestart }: Props) {
  const { language, theme } = appearance;
  const text = words(language);
  const palette = paletteWords(language);
  const themeName = { auto: text.themeAuto, light: text.themeLight, dark: text.themeDark }[theme];
  return (
    <header className="bar">
      <h1>
        <Mark />
        Terralogue
      </h1>
      <div className="bar-actions">
        <button type="button" className="tool" onClick={() => onOpen("threads")}>
          <ListIcon />
          <span>{text.threads}</span>
        </button>
        {hasWorkspace && (
          <button type="button" className="tool" onClick={() => onOpen("workspace")}>
            <DatabaseIcon />
            <span>{text.workspaceShort}</span>
          </button>
        )}
        <button type="button" className="tool" onClick={onRestart} disabled={!canRestart}>
          <PlusIcon />
          <span>{text.newThread}</span>
        </button>
        {children}
        <IconButton
          className="tool icon-only wide-only"
          name={palette.palette}
          tip={`${palette.palette} (Ctrl K)`}
          onClick={() => onOpen("palette")}
        >
          <CommandIcon />
        </IconButton>
        <IconButton className="tool icon-only" name={text.help} tip={`${text.help} (?)`} onClick={() => onOpen("help")}>
          <HelpIcon />
        </IconButton>
        <IconButton className="tool icon-only" name={themeName} onClick={appearance.nextTheme}>
          <ThemeIcon />
        </IconButton>
        <button
          type="button"
          className="tool"
          lang={language === "en" ? "zh-CN" : "en"}
          onClick={appearance.switchLanguage}
        >
          {text.switchLanguage}
        </button>
      </div>
    </header>
  );
}
