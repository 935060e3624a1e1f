import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { describeQuery } from "../../src/query/describe.ts";
import { changeAddress, readAddress } from "./address.ts";
import { type Area, type Bbox, getWorkspace, isEmptyWorkspace, type NearMiss, type Region, type Reply } from "./api.ts";
import { boxAround, boxOf, withWitnesses } from "./boxes.ts";
import { ChatPanel } from "./chat/chat-panel.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { faultWords } from "./fault-words.ts";
import { HelpDialog } from "./help-dialog.tsx";
import { isDataAddress, showDataInAddress } from "./ingest/data-address.ts";
import type { MapView } from "./map/map-panel.tsx";
import { MapSide } from "./map/map-side.tsx";
import { mapWords } from "./map/map-words.ts";
import { pageCommands } from "./page-commands.ts";
import { paletteWords } from "./palette-words.ts";
import { type Pane, PaneTabs } from "./pane-tabs.tsx";
import { undoWords } from "./phrases.ts";
import { type ShortcutActions, useShortcuts } from "./shortcuts.ts";
import { shownExchange } from "./shown-exchange.ts";
import { ThreadsDialog } from "./threads-dialog.tsx";
import { TopBar } from "./top-bar.tsx";
import { useAppearance } from "./use-appearance.ts";
import { type Scope, useConversation } from "./use-conversation.ts";
import { useIsNarrow } from "./use-media.ts";
import { useSelection } from "./use-selection.ts";
import { words } from "./words.ts";

const ProofPanel = lazy(() =>
  import("./results/proof-panel.tsx").then(({ ProofPanel: panel }) => ({ default: panel })),
);

const Palette = lazy(() => import("./palette.tsx").then(({ Palette: palette }) => ({ default: palette })));
const IngestPage = lazy(() => import("./ingest/ingest-page.tsx").then(({ IngestPage: page }) => ({ default: page })));
const Report = lazy(() => import("./report.tsx").then(({ Report: report }) => ({ default: report })));

/** Share of a narrow page's map that the proof of a result hides. */
const PROOF_SHARE = 0.5;
const NONE: readonly string[] = [];
const NO_REGIONS: readonly Region[] = [];

export function App() {
  const appearance = useAppearance();
  const { language, switchLanguage } = appearance;
  const loaded = useQuery({ queryKey: ["workspace"], queryFn: ({ signal }) => getWorkspace(signal) });
  const workspace = loaded.data ?? null;
  const conversation = useConversation();
  const selection = useSelection();
  const { selected, select, chooseMiss } = selection;
  const [date, setDate] = useState<string | null>(null);
  const [area, setArea] = useState<Area | null>(null);
  const [inView, setInView] = useState(false);
  const [draft, setDraft] = useState("");
  const [dialog, setDialog] = useState<"threads" | "help" | "workspace" | "palette" | null>(
    isDataAddress() ? "workspace" : null,
  );
  /** Something small that was done, said once. */
  const [notice, setNotice] = useState("");
  const [isReporting, setIsReporting] = useState(false);
  const [mapPicture, setMapPicture] = useState<string | null>(null);
  const [pane, setPane] = useState<Pane>("chat");
  const isNarrow = useIsNarrow();
  const view = useRef<MapView | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const text = words(language);
  const palette = paletteWords(language);

  useEffect(() => {
    if (!workspace) return;
    const known = workspace.mosaics.map(({ date: entry }) => entry);
    // A date that is shown stays, where the workspace still has it.
    setDate((held) => known.find((entry) => entry === (held ?? readAddress().date)) ?? known.at(-1) ?? null);
  }, [workspace]);
  const { exchanges, thread } = conversation;
  const shown = useMemo(() => shownExchange(exchanges, selected), [exchanges, selected]);
  const regions = shown?.regions ?? NO_REGIONS;
  const region = regions.find(({ id }) => id === selected) ?? null;
  const plan = shown?.reply?.plan ?? null;

  // Where there is nothing to ask about, the first thing to do is to add something.
  const isEmpty = isEmptyWorkspace(loaded.error);
  useEffect(() => {
    if (isEmpty) setDialog("workspace");
  }, [isEmpty]);
  useEffect(() => showDataInAddress(dialog === "workspace"), [dialog]);

  // After the panel of its proof has its place, so that the map knows its own size.
  const isFirstFit = useRef(readAddress().view !== null && readAddress().region !== null);
  useEffect(() => {
    if (!region) return;
    // A link that names a view shows that view, though a result is selected in it.
    if (!isFirstFit.current) view.current?.fit(withWitnesses(region), isNarrow ? PROOF_SHARE : 0);
    isFirstFit.current = false;
  }, [region, isNarrow]);
  const showMiss = (shownMiss: NearMiss) => {
    chooseMiss(shownMiss);
    view.current?.fit(boxOf(shownMiss.geometry as GeoJSON.Geometry));
  };
  const dates = workspace?.mosaics.map(({ date: entry }) => entry) ?? [];
  const chooseDate = (chosen: string | null) => {
    setDate(chosen);
    changeAddress({ date: chosen });
  };
  const fitResults = (found: readonly Region[]) => {
    if (found.length > 0) view.current?.fit(boxAround(found.map(({ bbox }) => bbox)));
  };
  /** Runs a turn with what the search is confined to, and shows its results. */
  const run = async (ask: (scope: Scope) => Promise<Reply | null>) => {
    select(null);
    const bounds = inView ? view.current?.bounds() : undefined;
    const reply = await ask({ ...(bounds && { viewport: bounds }), ...(area && { area }) });
    if (!reply || (reply.intent !== "search" && reply.intent !== "refine")) return;
    const { after } = reply.plan?.dates ?? { after: null };
    if (after !== null && dates.includes(after)) chooseDate(after);
    const [closest] = reply.nearMisses;
    if (reply.regions.length > 0) fitResults(reply.regions);
    else if (closest) showMiss(closest);
  };
  const send = (message: string) => run((scope) => conversation.send(message, scope));
  /** Searches again what was searched last, in a part of the map. */
  const searchHere = (viewport: Bbox) => {
    const query = exchanges.findLast(({ reply }) => reply?.understood.query)?.reply?.understood.query;
    if (!query) return;
    const message = `${describeQuery(query, language)} (${mapWords(language).inThisView})`;
    run((scope) => conversation.send(message, { ...scope, viewport }, query));
  };
  const prepare = (message: string) => {
    setDraft(message);
    input.current?.focus();
  };
  const restart = () => {
    conversation.restart();
    select(null);
    selection.unpinAll();
    setDraft("");
    input.current?.focus();
  };
  const step = (by: 1 | -1) => {
    const index = regions.findIndex(({ id }) => id === selected);
    const next = regions[index < 0 ? (by > 0 ? 0 : regions.length - 1) : index + by];
    if (!next) return;
    select(next.id);
    document.querySelector(`[data-region="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const actions: ShortcutActions = {
    palette: () => setDialog("palette"),
    compose: () => input.current?.focus(),
    next: () => step(1),
    previous: () => step(-1),
    toggleDate: () => dates.length > 1 && chooseDate(dates[(dates.indexOf(date) + 1) % dates.length] ?? null),
    fit: () => (regions.length > 0 ? fitResults(regions) : workspace && view.current?.fit(workspace.bboxWgs84)),
    threads: () => setDialog("threads"),
    restart,
    help: () => setDialog("help"),
    leave: () => select(null),
  };
  useShortcuts(actions);
  const report = async () => {
    setMapPicture((await view.current?.picture()) ?? null);
    setIsReporting(true);
  };
  const newest = exchanges.at(-1)?.reply;
  const commands = () =>
    pageCommands({
      language,
      actions,
      examples: workspace?.examples[language] ?? NONE,
      hasResults: regions.length > 0,
      hasSelection: region !== null,
      hasDates: dates.length > 1,
      inView,
      hasWorkspace: workspace !== null,
      undo: newest?.intent === "refine" ? () => send(undoWords(language)) : null,
      report: thread && regions.length > 0 ? report : null,
      clearArea: area ? () => setArea(null) : null,
      onAsk: send,
      onInView: () => setInView(true),
      onWorkspace: () => setDialog("workspace"),
      onTheme: appearance.setTheme,
      onLanguage: switchLanguage,
      onCopyLink: () => navigator.clipboard.writeText(location.href).then(() => setNotice(palette.linkCopied)),
    });
  const concepts = useMemo(
    () => [...(workspace?.entities.map(({ concept }) => concept) ?? []), ...Object.keys(DEFINITIONS)],
    [workspace],
  );
  const scopes = [
    ...(area ? [{ label: text.scopeArea, clear: () => setArea(null) }] : []),
    ...(inView ? [{ label: text.scopeView, clear: () => setInView(false) }] : []),
  ];
  if (dialog === "workspace")
    return (
      <Suspense>
        <IngestPage language={language} onChanged={() => loaded.refetch()} onClose={() => setDialog(null)} />
      </Suspense>
    );
  if (isReporting && shown)
    return (
      <Suspense>
        <Report exchange={shown} language={language} mapPicture={mapPicture} onClose={() => setIsReporting(false)} />
      </Suspense>
    );
  return (
    <div className="app" data-pane={pane} data-proof={region !== null}>
      <TopBar
        appearance={appearance}
        hasWorkspace={workspace !== null || isEmpty}
        canRestart={exchanges.length > 0}
        onOpen={setDialog}
        onRestart={restart}
      >
        {thread && regions.length > 0 && <ExportMenu language={language} thread={thread} onReport={report} />}
      </TopBar>
      <main className="split">
        <ChatPanel
          conversation={conversation}
          language={language}
          examples={workspace?.examples[language] ?? NONE}
          isEmpty={isEmpty}
          fault={loaded.error && !isEmpty ? faultWords(loaded.error, language) : null}
          selected={selected}
          hovered={selection.hovered}
          pinned={selection.pinned}
          concepts={concepts}
          draft={draft}
          inputRef={input}
          scopes={scopes}
          onRetry={() => loaded.refetch()}
          onSelect={select}
          onHover={selection.hover}
          onPin={selection.pin}
          onShowMiss={showMiss}
          onHoverMiss={selection.hoverMiss}
          onSend={send}
          onQuery={(query, message) => run((scope) => conversation.send(message, scope, query))}
          onRerun={(exchange, message) => run((scope) => conversation.branch(exchange, message, scope))}
          onJudged={conversation.judge}
          onDraft={prepare}
          onWorkspace={() => setDialog("workspace")}
        />
        <MapSide
          language={language}
          workspace={workspace}
          isEmpty={isEmpty}
          regions={regions}
          selected={selected}
          hovered={selection.hovered}
          emphasised={selection.emphasised}
          miss={selection.miss}
          searched={shown?.reply?.plan ? { thread: shown.reply.thread, turn: shown.reply.turn } : null}
          date={date}
          area={area}
          inView={inView}
          viewRef={view}
          onSelect={select}
          onHover={selection.hover}
          onDate={chooseDate}
          onArea={setArea}
          onInView={setInView}
          onSearchHere={searchHere}
        />
        {region && (
          <Suspense fallback={<aside className="proof-panel" />}>
            <ProofPanel
              region={region}
              plan={plan}
              language={language}
              emphasised={selection.emphasised}
              isBusy={conversation.isRunning}
              onEmphasise={selection.emphasise}
              onReplay={() => shown && run(() => conversation.replay(shown))}
              onClose={() => select(null)}
            />
          </Suspense>
        )}
      </main>
      {dialog === "threads" && (
        <ThreadsDialog
          language={language}
          current={thread}
          onOpen={(id) => {
            select(null);
            selection.unpinAll();
            conversation.open(id);
          }}
          onRemoved={restart}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "palette" && (
        <Suspense>
          <Palette language={language} groups={commands()} onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === "help" && <HelpDialog language={language} onClose={() => setDialog(null)} />}
      {isNarrow && <PaneTabs language={language} pane={pane} results={regions.length} onPane={setPane} />}
      <p className="notice" role="status" data-shown={notice !== ""} onAnimationEnd={() => setNotice("")}>
        {notice}
      </p>
    </div>
  );
}
