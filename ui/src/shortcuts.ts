import { useEffect, useRef } from "react";

/** What the keys of the page do; the handlers are the page's. */
export interface ShortcutActions {
  palette(): void;
  compose(): void;
  next(): void;
  previous(): void;
  toggleDate(): void;
  fit(): void;
  threads(): void;
  restart(): void;
  help(): void;
  leave(): void;
}

interface Shortcut {
  readonly keys: readonly string[];
  /** In English and Chinese. */
  readonly does: readonly [string, string];
  readonly action: keyof ShortcutActions | null;
}

/** Every key of the page; the ones without an action belong to the field or the map that has the focus. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["Ctrl K"], does: ["all commands (⌘ K on a Mac)", "全部命令(Mac 上为 ⌘ K)"], action: "palette" },
  { keys: ["/"], does: ["write a message", "输入消息"], action: "compose" },
  { keys: ["Enter"], does: ["send; with Shift a new line", "发送;加 Shift 换行"], action: null },
  { keys: ["j"], does: ["next result", "下一个结果"], action: "next" },
  { keys: ["k"], does: ["previous result", "上一个结果"], action: "previous" },
  { keys: ["d"], does: ["other imagery date", "切换影像日期"], action: "toggleDate" },
  { keys: ["f"], does: ["fit the map to the results", "地图缩放到结果"], action: "fit" },
  { keys: ["t"], does: ["earlier conversations", "历史对话"], action: "threads" },
  { keys: ["n"], does: ["new conversation", "新对话"], action: "restart" },
  { keys: ["?"], does: ["this help", "本帮助"], action: "help" },
  { keys: ["Esc"], does: ["close what is open", "关闭当前窗口"], action: "leave" },
  {
    keys: ["←↑→↓"],
    does: ["move the focused map", "移动获得焦点的地图"],
    action: null,
  },
];

const BY_KEY: Readonly<Record<string, keyof ShortcutActions>> = Object.fromEntries(
  SHORTCUTS.flatMap(({ keys, action }) => (action ? keys.map((key) => [key === "Esc" ? "Escape" : key, action]) : [])),
);

/** Listens for the page's keys; letters typed into a field, pressed with another modifier, under a dialog or where the data is shown are left alone. */
export function useShortcuts(actions: ShortcutActions): void {
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isModalOpen = document.querySelector(".dialog, .data-page") !== null;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        if (!isModalOpen) current.current.palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
      const { target } = event;
      const isField = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
      if (isField || isModalOpen) return;
      const action = BY_KEY[event.key];
      if (!action) return;
      event.preventDefault();
      current.current[action]();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
