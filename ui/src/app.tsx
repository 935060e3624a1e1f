import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { chat, getThread, getWorkspace, type Region, type Reply, type StageEvent, type WorkspaceInfo } from "./api.ts";
import { ChatPanel, type Exchange } from "./chat-panel.tsx";
import type { MapView } from "./map-panel.tsx";
import { type Language, words } from "./words.ts";

const MapPanel = lazy(() => import("./map-panel.tsx").then(({ MapPanel: panel }) => ({ default: panel })));

export function App() {
  const [workspace, setWorkspace] = useState<WorkspaceInfo | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [language, setLanguage] = useState<Language>(() => (localStorage.getItem("language") === "zh" ? "zh" : "en"));
  const [theme, setTheme] = useState<string>(() => localStorage.getItem("theme") ?? "auto");
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [thread, setThread] = useState<string | null>(() => new URLSearchParams(location.search).get("thread"));
  const [selected, setSelected] = useState<string | null>(null);
  const [inView, setInView] = useState(false);
  const [area, setArea] = useState<GeoJSON.Polygon | null>(null);
  const view = useRef<MapView | null>(null);
  const abort = useRef<AbortController | null>(null);
  const text = words(language);

  useEffect(() => {
    getWorkspace().then(setWorkspace, (cause: Error) => setFault(cause.message));
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem("language", language);
  }, [language]);
  useEffect(() => {
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
  }, [theme]);
  // A thread in the address is shown again after a reload.
  useEffect(() => {
    const id = new URLSearchParams(location.search).get("thread");
    if (!id) return;
    getThread(id).then(
      ({ turns }) =>
        setExchanges(
          turns.map(({ message, reply }) => ({ message, stages: [], text: reply.text, reply, fault: null })),
        ),
      () => {
        setThread(null);
        history.replaceState(null, "", location.pathname);
      },
    );
  }, []);

  const send = useCallback(
    async (message: string) => {
      const controller = new AbortController();
      abort.current?.abort();
      abort.current = controller;
      const started: Exchange = { message, stages: [], text: "", reply: null, fault: null };
      setExchanges((held) => [...held, started]);
      const change = (update: (exchange: Exchange) => Exchange) =>
        setExchanges((held) => held.map((exchange, i) => (i === held.length - 1 ? update(exchange) : exchange)));
      try {
        const bounds = inView ? view.current?.bounds() : undefined;
        const reply = await chat(
          { message, ...(thread && { thread }), ...(bounds && { viewport: bounds }), ...(area && { area }) },
          {
            onStage: (event: StageEvent) =>
              change((exchange) => ({
                ...exchange,
                stages: event.status === "done" ? [...exchange.stages, event] : exchange.stages,
              })),
            onRegions: () => setSelected(null),
            onText: (delta) => change((exchange) => ({ ...exchange, text: exchange.text + delta })),
          },
          controller.signal,
        );
        change((exchange) => ({ ...exchange, text: reply.text, reply }));
        setThread(reply.thread);
        history.replaceState(null, "", `?thread=${reply.thread}`);
        if (reply.regions.length > 0) view.current?.fit(boundsOf(reply.regions));
      } catch (cause) {
        if (!controller.signal.aborted) change((exchange) => ({ ...exchange, fault: (cause as Error).message }));
        else change((exchange) => ({ ...exchange, fault: "" }));
      }
    },
    [thread, inView, area],
  );

  const regions = useMemo(() => lastRegions(exchanges), [exchanges]);
  const plan = useMemo(() => exchanges.findLast(({ reply }) => reply?.plan)?.reply?.plan ?? null, [exchanges]);
  const select = useCallback(
    (id: string | null) => {
      setSelected(id);
      const region = regions.find((entry) => entry.id === id);
      if (region) view.current?.fit(region.bbox);
    },
    [regions],
  );
  const restart = () => {
    abort.current?.abort();
    setExchanges([]);
    setThread(null);
    setSelected(null);
    history.replaceState(null, "", location.pathname);
  };

  return (
    <div className="app">
      <header className="bar">
        <h1>Terralogue</h1>
        <div className="bar-actions">
          <button type="button" onClick={restart}>
            {text.newThread}
          </button>
          <button type="button" onClick={() => setLanguage(language === "en" ? "zh" : "en")}>
            {text.language}
          </button>
          <button type="button" onClick={() => setTheme(theme === "dark" ? "light" : "dark")}>
            {text.theme}
          </button>
        </div>
      </header>
      <main className="split">
        <ChatPanel
          language={language}
          exchanges={exchanges}
          examples={workspace?.examples[language] ?? []}
          fault={fault ? text.failedLoad : null}
          selected={selected}
          onSelect={select}
          onSend={send}
          onStop={() => abort.current?.abort()}
          thread={thread}
        />
        <section className="map-side" aria-label="Map">
          {workspace && (
            <Suspense fallback={<p className="quiet">{text.loading}</p>}>
              <MapPanel
                language={language}
                workspace={workspace}
                regions={regions}
                selected={selected}
                onSelect={select}
                viewRef={view}
                inView={inView}
                onInView={setInView}
                area={area}
                onArea={setArea}
                preferredDate={plan?.dates.after ?? null}
              />
            </Suspense>
          )}
        </section>
      </main>
    </div>
  );
}

/** Regions of the newest search; questions about it leave them on the map. */
function lastRegions(exchanges: readonly Exchange[]): readonly Region[] {
  const isSearch = (reply: Reply) => reply.intent === "search" || reply.intent === "refine";
  return exchanges.findLast(({ reply }) => reply !== null && isSearch(reply))?.reply?.regions ?? [];
}

function boundsOf(regions: readonly Region[]): [number, number, number, number] {
  return [
    Math.min(...regions.map(({ bbox }) => bbox[0])),
    Math.min(...regions.map(({ bbox }) => bbox[1])),
    Math.max(...regions.map(({ bbox }) => bbox[2])),
    Math.max(...regions.map(({ bbox }) => bbox[3])),
  ];
}
