import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { TerralogueError } from "../errors.ts";
import { boundsOf } from "../geo/bounds.ts";
import type { WorkingCrs } from "../geo/crs.ts";
import { readChipFile } from "../imagery/chip-file.ts";
import { createMosaicReader } from "../imagery/mosaic.ts";
import type { RasterDescription } from "../imagery/ports.ts";
import { openRaster } from "../imagery/raster.ts";
import type { BandEncoder, Detector, Encoder, Segmenter, TextEncoder } from "../models/ports.ts";
import { readMeta, storedImages } from "../open-workspace.ts";
import { encoderMix } from "../store/encoder-ids.ts";
import type { Entity } from "../store/entity.ts";
import { type Db, openDatabase, WORKSPACE_FILE } from "../store/sqlite/database.ts";
import { insertEntities } from "../store/sqlite/entities.ts";
import { adoptImageEncoder, imageEncoderOf, nameImageEncoder } from "../store/sqlite/image-encoder.ts";
import { insertLandmark } from "../store/sqlite/knowledge.ts";
import { captionTiles } from "./caption-tiles.ts";
import { contentFingerprint } from "./content-fingerprint.ts";
import { deriveEntities } from "./derive-entities.ts";
import { asSegmenter } from "./detector-segments.ts";
import { differEmbeddings } from "./embedding-differences.ts";
import { indexBandVectors } from "./index-band-vectors.ts";
import { indexEmbeddings } from "./index-embeddings.ts";
import { indexLandmarkChips, indexPassages } from "./index-passages.ts";
import { indexTiles } from "./index-tiles.ts";
import { joinLandmarks } from "./knowledge/join-landmarks.ts";
import type { LandmarkEntry } from "./knowledge/landmark-record.ts";
import { detectionConfidence, detectionDate, fromDetection, fromOsm, isDay } from "./map-features.ts";
import { readFeatures } from "./read-features.ts";
import { knowledgeSource, readKnowledge } from "./read-knowledge.ts";
import { settleCrs } from "./settle-crs.ts";

export interface IngestOptions {
  readonly workspace: string;
  /** "FILE", "FILE@YYYY-MM-DD" or a URL. */
  readonly images?: readonly string[];
  readonly vectors?: readonly string[];
  readonly detections?: readonly string[];
  /** "FILE@YEAR". */
  readonly embeddings?: readonly string[];
  /** "FILE" or "FILE@mapping.yaml". */
  readonly knowledge?: readonly string[];
  readonly encoder: Encoder;
  /** Encode the tiles again with `encoder` when another one encoded them; the old vectors serve until the new ones are complete. */
  readonly reembed?: boolean;
  /** Absent: passages are found by their words alone. */
  readonly textEncoder?: TextEncoder;
  /** What finds things in the imagery. With neither, entities come from layers and detections alone. */
  readonly segmenter?: Segmenter;
  readonly detector?: Detector;
  /** Describes tiles by all their bands, where the imagery has those that it takes. */
  readonly geoEncoder?: BandEncoder;
  /** Rules that look beside a trained segmenter. */
  readonly rules?: readonly Segmenter[];
  /** "public" follows URLs to addresses of the public internet alone, now and whenever they are read later. Default: anywhere. */
  readonly reach?: "public";
  /** Share of the step that is done, 0..1, in words, and what was worked through since the step began. */
  readonly onProgress?: (done: number, label: string, amount?: Amount) => void;
  /** Told in a sentence: a date taken from a file name, features left out. */
  readonly onNote?: (note: string) => void;
  readonly onStep?: (title: string, step: IngestStep) => void;
}

/** A step of an ingest, in the order in which they come; `file` is the base name of what is read. */
export interface IngestStep {
  readonly kind: "check" | "layer" | "knowledge" | "passages" | "tiles" | "embeddings" | "derive" | "captions";
  readonly file?: string;
}

/** How much of a step was done, in source pixels, tiles or features. */
export interface Amount {
  readonly value: number;
  readonly unit: "px" | "tiles" | "features";
}

export interface IngestSummary {
  readonly workspace: string;
  readonly crs: string;
  readonly fingerprint: string;
  readonly images: number;
  readonly megapixels: number;
  readonly seconds: number;
  readonly megapixelsPerSecond: number | null;
  readonly peakMemoryMb: number;
  readonly entitiesAdded: number;
  readonly landmarks: number;
  readonly skippedFeatures: number;
}

/** Landmarks written at once. */
const LANDMARK_BATCH = 500;

interface CheckedImage {
  readonly description: RasterDescription;
  readonly date: string | null;
}

interface CheckedFile {
  readonly path: string;
  readonly fingerprint: string;
  /** Features in it, where they were counted. */
  readonly features?: number;
}

/** Features between two tellings of progress. */
const FEATURES_TOLD = 500;

interface Checked {
  readonly images: readonly CheckedImage[];
  readonly vectors: readonly CheckedFile[];
  readonly detections: readonly CheckedFile[];
  readonly embeddings: readonly (CheckedImage & { readonly year: number })[];
  readonly knowledge: readonly CheckedFile[];
  readonly bbox: Box | null;
  /** Counts only where there is nothing but landmarks: they may lie far from the imagery. */
  readonly landmarkBbox: Box | null;
}

/** W, S, E, N. */
type Box = readonly [number, number, number, number];

function union(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** With the layers and embeddings that are in the workspace but not read to the end: those of an ingest that was stopped. */
function withUnfinished(db: Db, given: Checked): Checked {
  const more = (kind: "vectors" | "detections") => {
    const held = new Set(given[kind].map(({ fingerprint }) => fingerprint));
    return db
      .prepare<[string], CheckedFile>("SELECT path, fingerprint FROM sources WHERE kind = ? ORDER BY fingerprint")
      .all(kind)
      .filter(({ fingerprint }) => !held.has(fingerprint) && !isDone(db, `${kind}/${fingerprint}`));
  };
  const embeddings = db
    .prepare<[], { date: string; description: string; fingerprint: string }>(
      "SELECT date, description, fingerprint FROM sources WHERE kind = 'embeddings' ORDER BY fingerprint, date",
    )
    .all()
    .filter(
      ({ fingerprint, date }) =>
        !given.embeddings.some((one) => one.description.fingerprint === fingerprint && String(one.year) === date) &&
        db.prepare("SELECT 1 FROM jobs WHERE id LIKE ?").get(`embeddings/${fingerprint}/${date}/%`) === undefined,
    )
    .map(({ date, description }) => ({ description: JSON.parse(description), date: null, year: Number(date) }));
  return {
    ...given,
    vectors: [...given.vectors, ...more("vectors")],
    detections: [...given.detections, ...more("detections")],
    embeddings: [...given.embeddings, ...embeddings],
  };
}

export function noPosition(): TerralogueError {
  return new TerralogueError(
    "bad_vectors",
    "None of the sources has a position; add an image or a layer with geometries.",
  );
}

/**
 * Builds or extends a workspace. Every source is opened and checked before anything is written; then each unit of work
 * is one transaction with its entry in the jobs table, so that a killed ingest leaves a workspace that opens, and the same command
 * completes it to the same content hash. Sources that are already in it are not read again.
 *
 * @throws {TerralogueError} for the first bad source, with the workspace unchanged
 */
export async function ingest(options: IngestOptions): Promise<IngestSummary> {
  const started = performance.now();
  const note = options.onNote ?? (() => {});
  const step = (title: string, ...[kind, file]: [IngestStep["kind"], string?]) =>
    options.onStep?.(title, { kind, ...(file !== undefined && { file }) });
  const progress = options.onProgress ?? (() => {});
  step("Checking the sources", "check");
  const given = await checkSources(options, note);
  // Told before the folder is made: sources without a position cannot begin a workspace.
  if (hasSources(options) && !given.bbox && !given.landmarkBbox && !existsSync(join(options.workspace, WORKSPACE_FILE)))
    throw noPosition();
  const db = openDatabase(options.workspace, { create: hasSources(options) });
  try {
    checkEncoder(db, options, note);
    const crs = await settleCrs(db, given, note);
    const checked = withUnfinished(db, given);
    let entitiesAdded = 0;
    let skipped = 0;
    let landmarks = 0;
    db.transaction(() => {
      db.prepare("DELETE FROM meta WHERE key = 'fingerprint'").run();
      for (const { description, date } of checked.images) {
        db.prepare(
          "INSERT OR REPLACE INTO sources (kind, fingerprint, date, path, description) VALUES ('image', ?, ?, ?, ?)",
        ).run(description.fingerprint, date ?? "", description.path, JSON.stringify(description));
      }
      saveBbox(db, checked);
      if (imageEncoderOf(db) === null) nameImageEncoder(db, options.encoder.id);
    }).immediate();
    for (const kind of ["vectors", "detections"] as const) {
      for (const file of checked[kind]) {
        const job = `${kind}/${file.fingerprint}`;
        if (isDone(db, job)) continue;
        step(`Reading ${basename(file.path)}`, "layer", basename(file.path));
        const read = await readLayer(kind, file, crs, progress);
        db.transaction(() => {
          entitiesAdded += insertEntities(db, read.entities, file.fingerprint);
          for (const place of read.places) {
            db.prepare(
              "INSERT OR REPLACE INTO places (id, names, concept, geometry, importance, source_fingerprint) VALUES (?, ?, ?, ?, ?, ?)",
            ).run(
              place.id,
              JSON.stringify(place.names),
              place.concept,
              JSON.stringify(place.geometry),
              place.importance,
              file.fingerprint,
            );
          }
          db.prepare(
            "INSERT OR REPLACE INTO sources (kind, fingerprint, date, path, description) VALUES (?, ?, '', ?, '{}')",
          ).run(kind, file.fingerprint, file.path);
          markDone(db, job);
        }).immediate();
        skipped += read.skipped;
        if (read.skipped > 0)
          note(
            `${basename(file.path)}: ${read.skipped} of ${read.total} features fit no concept of the ontology or have no geometry, and were left out.`,
          );
      }
    }
    for (const file of checked.knowledge) {
      const job = `knowledge/${file.fingerprint}`;
      if (isDone(db, job)) continue;
      step(`Reading ${basename(file.path)}`, "knowledge", basename(knowledgeSource(file.path).path));
      // A batch a transaction: a landmark that is read again replaces itself, so a stopped import is simply read again.
      const insert = (entries: readonly LandmarkEntry[]) =>
        db
          .transaction(() => {
            for (const { landmark, passages } of entries) insertLandmark(db, landmark, passages);
          })
          .immediate();
      let batch: LandmarkEntry[] = [];
      for await (const entry of readKnowledge(file.path)) {
        batch.push(entry);
        landmarks += 1;
        if (batch.length < LANDMARK_BATCH) continue;
        insert(batch);
        batch = [];
      }
      insert(batch);
      db.transaction(() => {
        db.prepare(
          "INSERT OR REPLACE INTO sources (kind, fingerprint, date, path, description) VALUES ('knowledge', ?, '', ?, '{}')",
        ).run(file.fingerprint, knowledgeSource(file.path).path);
        markDone(db, job);
      }).immediate();
    }
    const joined = joinLandmarks(db, crs);
    if (joined > 0)
      note(`${joined} landmarks without a position took that of the one place of the map with their name.`);
    if (options.textEncoder) {
      step("Describing the passages", "passages");
      await indexPassages(db, options.textEncoder);
    }
    await indexLandmarkChips(db, options.encoder, readChipFile, note);
    const images = storedImages(db, crs.code);
    const reader = createMosaicReader(images, crs.code);
    const infrared = createMosaicReader(images, crs.code, "infrared");
    let pixels = 0;
    const imagingStarted = performance.now();
    /** Progress with the pixels that were read since now. */
    const readingProgress = () => {
      const before = reader.pixelsRead;
      return (done: number, label: string) =>
        progress(done, label, { value: reader.pixelsRead - before, unit: "px" as const });
    };
    try {
      step("Indexing the imagery", "tiles");
      pixels = await indexTiles({
        db,
        images,
        reader,
        encoder: options.encoder,
        onProgress: readingProgress(),
      });
      adoptImageEncoder(db, options.encoder.id);
      for (const { description, year } of checked.embeddings) {
        step(`Reading the embeddings of ${year}`, "embeddings", basename(description.path));
        await indexEmbeddings({ db, description, year, crs, onProgress: progress });
      }
      if (options.geoEncoder) {
        step("Reading all bands", "embeddings");
        const left = await indexBandVectors({ db, images, encoder: options.geoEncoder, crs, onProgress: progress });
        for (const sentence of left) note(sentence);
      }
      differEmbeddings(db, crs.code);
      step("Finding and dating things in the imagery", "derive");
      await deriveEntities({
        db,
        images,
        reader,
        infrared,
        segmenters: [
          options.segmenter ?? [],
          options.rules ?? [],
          options.detector ? asSegmenter(options.detector) : [],
        ].flat(),
        onProgress: readingProgress(),
      });
      step("Captioning", "captions");
      captionTiles({ db, crs, dates: reader.dates, onProgress: progress });
    } finally {
      await reader.close();
      await infrared.close();
    }
    const imagingSeconds = (performance.now() - imagingStarted) / 1000;
    const fingerprint = contentFingerprint(db);
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('fingerprint', ?)").run(fingerprint);
    // Another process may hold on to the content of before: it is not waited for, and folds the log in when it lets go.
    db.pragma("busy_timeout = 0");
    db.pragma("wal_checkpoint(TRUNCATE)");
    return {
      workspace: options.workspace,
      crs: crs.code,
      fingerprint,
      images: images.length,
      megapixels: Math.round(pixels / 1e4) / 100,
      seconds: Math.round((performance.now() - started) / 100) / 10,
      megapixelsPerSecond: pixels > 0 ? Math.round((pixels / 1e6 / imagingSeconds) * 10) / 10 : null,
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
      entitiesAdded,
      landmarks,
      skippedFeatures: skipped,
    };
  } finally {
    db.close();
  }
}

/** Before anything is written: vectors of two encoders are never mixed. */
function checkEncoder(db: Db, { workspace, encoder, reembed }: IngestOptions, note: (text: string) => void): void {
  const held = imageEncoderOf(db);
  if (reembed && held === encoder.id) note(`The tiles of ${workspace} are encoded by ${held} already.`);
  if (reembed || held === null || held === encoder.id) return;
  throw new TerralogueError("bad_workspace", encoderMix(workspace, held, encoder.id));
}

export function isDone(db: Db, job: string): boolean {
  return db.prepare("SELECT 1 FROM jobs WHERE id = ?").get(job) !== undefined;
}

export function markDone(db: Db, job: string): void {
  db.prepare("INSERT OR IGNORE INTO jobs (id) VALUES (?)").run(job);
}

function hasSources({ images, vectors, detections, embeddings, knowledge }: IngestOptions): boolean {
  return [images, vectors, detections, embeddings, knowledge].some((list) => list !== undefined && list.length > 0);
}

async function checkSources(options: IngestOptions, note: (text: string) => void): Promise<Checked> {
  const { images = [], vectors = [], detections = [], embeddings = [], knowledge = [] } = options;
  if (!options.reembed && !hasSources(options)) {
    throw new TerralogueError(
      "bad_arguments",
      "There is nothing to ingest; give at least one --image, --vectors, --detections, --embeddings or --knowledge.",
    );
  }
  const { reach } = options;
  const checkedImages: CheckedImage[] = [];
  for (const spec of images) checkedImages.push(await checkImage(spec, note, reach));
  const checkedEmbeddings = [];
  for (const spec of embeddings) {
    const match = /^(.+)@(\d{4})$/.exec(spec);
    if (!match)
      throw new TerralogueError(
        "bad_arguments",
        `The embeddings "${spec}" name no year; write FILE@YEAR, for example aef.tif@2024.`,
      );
    const raster = await openRaster(match[1] as string, reach ? { reach } : {});
    await raster.close();
    checkedEmbeddings.push({ description: raster.description, date: null, year: Number(match[2]) });
  }
  let bbox: Box | null = null;
  let landmarkBbox: Box | null = null;
  const grow = (box: Box) => {
    bbox = union(bbox, box);
  };
  for (const { description } of checkedImages) grow(description.bboxWgs84);
  const checkFile = async (path: string, kind: "vectors" | "detections" | "knowledge"): Promise<CheckedFile> => {
    let count = 0;
    if (kind !== "knowledge") {
      for await (const feature of readFeatures(path)) {
        count += 1;
        if (kind === "detections") {
          detectionConfidence(feature, basename(path));
          detectionDate(feature, basename(path));
        }
        if (feature.geometry) grow(boundsOf(feature.geometry));
      }
      if (count === 0) note(`${basename(path)} holds no features.`);
    } else {
      for await (const { landmark } of readKnowledge(path))
        if (landmark.geometry) landmarkBbox = union(landmarkBbox, boundsOf(landmark.geometry));
    }
    if (kind === "knowledge") return { path, fingerprint: await knowledgeHash(path) };
    return { path, fingerprint: await fileHash(path), features: count };
  };
  const checkAll = async (paths: readonly string[], kind: "vectors" | "detections" | "knowledge") => {
    const out: CheckedFile[] = [];
    for (const path of paths) out.push(await checkFile(path, kind));
    return out.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  };
  const checkedVectors = await checkAll(vectors, "vectors");
  const checkedDetections = await checkAll(detections, "detections");
  const checkedKnowledge = await checkAll(knowledge, "knowledge");
  for (const { description } of checkedEmbeddings) grow(description.bboxWgs84);
  return {
    images: checkedImages,
    vectors: checkedVectors,
    detections: checkedDetections,
    embeddings: checkedEmbeddings,
    knowledge: checkedKnowledge,
    bbox,
    landmarkBbox,
  };
}

/** "FILE@YYYY-MM-DD"; without a date, one in the file name counts and is told. */
async function checkImage(
  spec: string,
  note: (text: string) => void,
  reach: "public" | undefined,
): Promise<CheckedImage> {
  const match = /^(.+)@([^@/\\]*)$/.exec(spec);
  const stated = match && !/^https?:\/\/[^/]*$/i.test(match[1] as string) ? (match[2] as string) : null;
  const path = stated === null ? spec : (match?.[1] as string);
  if (stated !== null && !isDay(stated))
    throw new TerralogueError(
      "bad_arguments",
      `The date "${stated}" of ${path} is no date; write FILE@YYYY-MM-DD, for example ${basename(path)}@2024-05-31.`,
    );
  const named = stated === null ? /(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(basename(path)) : null;
  const fromName = named ? `${named[1]}-${named[2]}-${named[3]}` : null;
  const date = stated ?? (fromName && isDay(fromName) ? fromName : null);
  if (stated === null && date !== null) note(`${basename(path)}: taken as of ${date}, from its name.`);
  const raster = await openRaster(path, reach ? { reach } : {});
  await raster.close();
  return { description: raster.description, date };
}

/** A table read by another mapping is another source. */
async function knowledgeHash(spec: string): Promise<string> {
  const { path, mapping } = knowledgeSource(spec);
  const own = await fileHash(path);
  return mapping === null
    ? own
    : createHash("sha256")
        .update(own + (await fileHash(mapping)))
        .digest("hex");
}

export async function fileHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function saveBbox(db: Db, { bbox, landmarkBbox }: Checked): void {
  for (const [key, box] of [
    ["bbox", bbox],
    ["landmark_bbox", landmarkBbox],
  ] as const) {
    const held = readMeta(db, key);
    const all = union(held ? (JSON.parse(held) as Box) : null, box);
    if (all) db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(key, JSON.stringify(all));
  }
}

async function readLayer(
  kind: "vectors" | "detections",
  file: CheckedFile,
  crs: WorkingCrs,
  onProgress: NonNullable<IngestOptions["onProgress"]>,
) {
  const source = { name: basename(file.path), fingerprint: file.fingerprint };
  const entities: Entity[] = [];
  const places = [];
  let skipped = 0;
  let total = 0;
  for await (const feature of readFeatures(file.path)) {
    total += 1;
    if (file.features !== undefined && total % FEATURES_TOLD === 0)
      onProgress(total / file.features, `feature ${total} of ${file.features}`, { value: total, unit: "features" });
    if (kind === "detections") {
      const entity = fromDetection(feature, crs, source);
      if (entity) entities.push(entity);
      else skipped += 1;
      continue;
    }
    const { entities: found, place } = fromOsm(feature, crs, source);
    entities.push(...found);
    if (place) places.push(place);
    if (found.length === 0 && !place) skipped += 1;
  }
  return { entities, places, skipped, total };
}
