import type { Command, CommandGroup } from "./palette.tsx";
import { paletteWords } from "./palette-words.ts";
import type { ShortcutActions } from "./shortcuts.ts";
import { type Language, words } from "./words.ts";

export type { CommandGroup };

/** What the page offers at this moment; a null is something that cannot be done now. */
export interface PageState {
  readonly language: Language;
  readonly actions: ShortcutActions;
  readonly examples: readonly string[];
  readonly hasResults: boolean;
  readonly hasSelection: boolean;
  readonly hasDates: boolean;
  readonly inView: boolean;
  readonly hasWorkspace: boolean;
  readonly undo: (() => void) | null;
  readonly report: (() => void) | null;
  readonly clearArea: (() => void) | null;
  onAsk(message: string): void;
  onInView(): void;
  onWorkspace(): void;
  onTheme(theme: "auto" | "light" | "dark"): void;
  onLanguage(): void;
  onCopyLink(): void;
}

/** Every command of the page that makes sense now, by what it is about. */
export function pageCommands(page: PageState): readonly CommandGroup[] {
  const { actions, language } = page;
  const text = words(language);
  const own = paletteWords(language);
  const groups: readonly CommandGroup[] = [
    {
      value: own.groupConversation,
      items: [
        { label: own.compose, keys: "/", run: actions.compose },
        { label: text.newThread, keys: "n", run: actions.restart },
        { label: text.threads, keys: "t", run: actions.threads },
        ...optional(page.undo, { label: own.undo }),
        { label: own.copyLink, run: page.onCopyLink },
      ],
    },
    {
      value: own.groupResults,
      items: page.hasResults
        ? [
            { label: own.nextResult, keys: "j", run: actions.next },
            { label: own.previousResult, keys: "k", run: actions.previous },
            { label: own.fitResults, keys: "f", run: actions.fit },
            ...(page.hasSelection ? [{ label: own.closeProof, keys: "Esc", run: actions.leave }] : []),
            ...optional(page.report, { label: text.report }),
          ]
        : [],
    },
    {
      value: own.groupMap,
      items: [
        ...(page.hasDates ? [{ label: own.otherDate, keys: "d", run: actions.toggleDate }] : []),
        ...(page.inView ? [] : [{ label: own.searchInView, run: page.onInView }]),
        ...optional(page.clearArea, { label: own.clearArea }),
      ],
    },
    {
      value: own.groupPage,
      items: [
        ...(page.hasWorkspace ? [{ label: text.workspace, run: page.onWorkspace }] : []),
        { label: own.themeLight, run: () => page.onTheme("light") },
        { label: own.themeDark, run: () => page.onTheme("dark") },
        { label: own.themeAuto, run: () => page.onTheme("auto") },
        { label: own.useChinese, run: page.onLanguage },
        { label: own.keys, keys: "?", run: actions.help },
      ],
    },
    {
      value: own.groupAsk,
      items: page.examples.map((example) => ({ label: example, run: () => page.onAsk(example) })),
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

function optional(run: (() => void) | null, command: Omit<Command, "run">): readonly Command[] {
  return run ? [{ ...command, run }] : [];
}
