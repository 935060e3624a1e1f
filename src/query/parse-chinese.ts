import type { PredicateId, TimeKind } from "../../knowledge/ontology/ids.ts";
import { before } from "./dates.ts";
import { AREA_UNITS, LENGTH_UNITS, WALKING_DISTANCE_M } from "./defaults.ts";
import { type Draft, emptyDraft, noun } from "./draft.ts";
import type { ComparisonOp, Distance, GeoConstraint, Noun, Quantity, Relation } from "./schema.ts";
import { chineseTokens, type Token } from "./tokens.ts";
import type { UnderstandContext } from "./turn.ts";

/** Words after an anchor: "高速出口附近". */
const AFTER: Readonly<Record<string, PredicateId>> = {
  附近: "near",
  周边: "near",
  周围: "near",
  旁边: "adjacent",
  旁: "adjacent",
  边上: "adjacent",
  边: "adjacent",
  沿线: "along",
  沿岸: "along",
  里面: "inside",
  内部: "inside",
  里: "inside",
  内: "inside",
  中: "inside",
  上: "inside",
  以北: "north_of",
  北边: "north_of",
  北面: "north_of",
  北侧: "north_of",
  北部: "north_of",
  以南: "south_of",
  南边: "south_of",
  南面: "south_of",
  南侧: "south_of",
  南部: "south_of",
  以东: "east_of",
  东边: "east_of",
  东面: "east_of",
  东侧: "east_of",
  东部: "east_of",
  以西: "west_of",
  西边: "west_of",
  西面: "west_of",
  西侧: "west_of",
  西部: "west_of",
  左侧: "left_of",
  左边: "left_of",
  右侧: "right_of",
  右边: "right_of",
  上方: "above",
  下方: "below",
};

/** Words before an anchor: "靠近河流". */
const BEFORE: Readonly<Record<string, PredicateId>> = {
  靠近: "near",
  临近: "near",
  邻近: "near",
  接近: "near",
  毗邻: "adjacent",
  紧邻: "adjacent",
  紧靠: "adjacent",
  挨着: "adjacent",
  临: "adjacent",
  远离: "far_from",
  沿着: "along",
  沿: "along",
  跨越: "crosses",
  横跨: "crosses",
  穿过: "crosses",
  跨: "crosses",
  连接: "connected_to",
};

const TIME_WORDS: Readonly<Record<string, TimeKind>> = {
  新建: "new",
  新增: "new",
  新出现: "new",
  新修: "new",
  新的: "new",
  新: "new",
  消失: "gone",
  拆除: "gone",
  被拆: "gone",
  扩大: "grown",
  扩建: "grown",
  扩张: "grown",
  增长: "grown",
  缩小: "shrunk",
  萎缩: "shrunk",
  变化: "changed",
  改变: "changed",
};

const COMPARISONS: Readonly<Record<string, ComparisonOp>> = {
  大于: ">",
  超过: ">",
  多于: ">",
  小于: "<",
  少于: "<",
  不到: "<",
  至少: ">=",
  不小于: ">=",
  不少于: ">=",
  至多: "<=",
  最多: "<=",
  不超过: "<=",
  恰好: "=",
  正好: "=",
};

const FILLER = new Set(
  "的 了 请 帮 我 给 找 查 查找 寻找 找出 找到 帮我 给我 显示 列出 搜索 哪里 哪些 哪 些 所有 全部 一下 我想 看看 看 有 在 是 位于 分布 个 座 处 片 条 栋 艘 架 块 家 间 只 就 也 还 都 吗 呢 吧 啊 和 与 且 并 并且 而 但 那 这 些 里 上 到 离 距 把 被 出 来 要 想 可以 能 能不能 区域 地方 地点 位置 它 们 其 中 一 之 从 向 对 为 以 及 或 很 最 再 又 换 成 改 现 在 结 果 不 地 得 着 过 下 内 外 度".split(
    " ",
  ),
);

/** Reads a Chinese message: modifiers stand before what they modify, joined by 的; the last free noun is the target. */
export function parseChinese(message: string, context: UnderstandContext): Draft {
  const tokens = chineseTokens(message, context.gazetteer);
  const draft = emptyDraft();
  const text = (i: number) => tokens[i]?.text ?? "";
  const span = (from: number, to: number, slot: string) => {
    const start = tokens[from]?.start ?? 0;
    const end = tokens[to - 1]?.end ?? start;
    return { start, end, text: message.slice(start, end), slot };
  };
  const pending: { relation: Relation; from: number; to: number; chained: boolean }[] = [];
  const attributes: Noun["attributes"] = [];
  let count: Quantity | undefined;
  let areaM2: Quantity | undefined;

  const lengthAt = (i: number): { metres: number; next: number } | null => {
    if (text(i) === "步行距离") return { metres: WALKING_DISTANCE_M, next: i + 1 };
    const number = tokens[i];
    if (number?.kind !== "number") return null;
    const half = text(i) === "半" ? 0 : text(i + 2) === "半" ? 0.5 : 0;
    const unit = LENGTH_UNITS[text(i + 1).toLowerCase()];
    return unit === undefined
      ? null
      : { metres: Math.round((number.value + half) * unit * 1000) / 1000, next: i + (half ? 3 : 2) };
  };
  /** "500米以内", "大于2公里", "1公里外". */
  const distanceAt = (i: number): { distance: Distance; next: number } | null => {
    let at = i;
    if (["在", "约", "大", "大约"].includes(text(at)) && lengthAt(at + 1)) at += 1;
    const comparison = COMPARISONS[text(at)];
    const length = lengthAt(comparison ? at + 1 : at);
    if (!length) return null;
    let op: Distance["op"] = comparison && [">", ">="].includes(comparison) ? ">=" : "<=";
    let next = length.next;
    if (["以内", "之内", "范围内", "范围之内", "范围以内", "内"].includes(text(next))) next += 1;
    else if (["以外", "之外", "外"].includes(text(next))) {
      op = ">=";
      next += 1;
    } else if (["以上"].includes(text(next))) {
      op = ">=";
      next += 1;
    } else if (["以下"].includes(text(next))) next += 1;
    return { distance: { op, value: length.metres }, next };
  };
  const quantityAt = (i: number): { value: Quantity; next: number } | null => {
    const comparison = COMPARISONS[text(i)];
    const number = tokens[comparison ? i + 1 : i];
    if (number?.kind !== "number") return null;
    return { value: { op: comparison ?? "=", value: number.value }, next: comparison ? i + 2 : i + 1 };
  };
  const areaAt = (i: number): { value: Quantity; next: number } | null => {
    const at = text(i) === "面积" ? i + 1 : i;
    const skip = ["为", "在", "是"].includes(text(at)) ? at + 1 : at;
    const quantity = quantityAt(skip);
    const unit = quantity ? AREA_UNITS[text(quantity.next).toLowerCase()] : undefined;
    if (!quantity || unit === undefined) return null;
    let { op } = quantity.value;
    let next = quantity.next + 1;
    if (text(next) === "以上") {
      op = ">=";
      next += 1;
    } else if (text(next) === "以下" || text(next) === "以内") {
      op = "<=";
      next += 1;
    }
    return { value: { op, value: Math.round(quantity.value.value * unit * 100) / 100 }, next };
  };
  /** [至少三个] [密集的] 概念. */
  const nounAt = (i: number): { noun: Noun; next: number } | null => {
    let at = i;
    const quantity = quantityAt(at);
    let own: Quantity | undefined;
    if (quantity && LENGTH_UNITS[text(quantity.next)] === undefined && AREA_UNITS[text(quantity.next)] === undefined) {
      own = quantity.value;
      at = quantity.next;
      if (["个", "座", "处", "片", "条", "栋", "艘", "架", "块", "家", "间", "只", "台", "辆"].includes(text(at)))
        at += 1;
      if (text(at) === "以上") {
        own = { op: ">=", value: own.value };
        at += 1;
      }
      if (text(at) === "的") at += 1;
    }
    const words: Noun["attributes"] = [];
    for (;;) {
      const token = tokens[at];
      if (token?.kind !== "attribute") break;
      words.push(token.attribute);
      at += 1;
      if (text(at) === "的" && (tokens[at + 1]?.kind === "concept" || tokens[at + 1]?.kind === "attribute")) at += 1;
    }
    const token = tokens[at];
    if (token?.kind !== "concept") return null;
    return { noun: { ...noun(token.concept), attributes: words, ...(own && { count: own }) }, next: at + 1 };
  };
  const takePending = (owner: Noun | null) => {
    for (const { relation, from, to } of pending.splice(0)) {
      if (owner) owner.relations.push(relation);
      else {
        draft.relations.push(relation);
        draft.spans.push(span(from, to, `relations.${draft.relations.length - 1}`));
      }
    }
  };
  const push = (relation: Relation, from: number, to: number) => pending.push({ relation, from, to, chained: false });

  /** A noun or place from `i`, with the words after it that make it an anchor. */
  const anchoredAt = (i: number, negated: boolean, from: number): number | null => {
    const token = tokens[i];
    if (token?.kind === "place") {
      const suffix = suffixAt(i + 1);
      const constraint: GeoConstraint = suffix
        ? geoOf(token.name, suffix.predicate, suffix.distance, negated)
        : { kind: "place", name: token.name, relation: negated ? "outside" : "inside" };
      const edge =
        ["边缘", "郊区", "城郊"].includes(text(i + 1)) ||
        (text(i + 1) === "的" && ["边缘", "郊区"].includes(text(i + 2)));
      const next = edge ? i + (text(i + 1) === "的" ? 3 : 2) : (suffix?.next ?? i + 1);
      draft.geo.push(edge ? { kind: "edge_of", name: token.name } : constraint);
      draft.spans.push(span(from, next, `geo.${draft.geo.length - 1}`));
      return next;
    }
    const first = nounAt(i);
    if (!first) return null;
    if (
      ["town", "city", "village", "city_center"].includes(first.noun.concept) &&
      ["边缘", "郊区"].includes(text(first.next))
    ) {
      draft.geo.push({ kind: "edge_of" });
      return first.next + 1;
    }
    // A和B之间
    if (["和", "与", "跟"].includes(text(first.next))) {
      const second = nounAt(first.next + 1);
      if (second && ["之间", "中间"].includes(text(second.next))) {
        push({ predicate: "between", negated, anchors: [first.noun, second.noun] }, from, second.next + 1);
        return second.next + 1;
      }
    }
    if (["之间", "中间"].includes(text(first.next)) && first.noun.count) {
      const { count: _, ...plainNoun } = first.noun;
      push({ predicate: "between", negated, anchors: [plainNoun, { ...plainNoun }] }, from, first.next + 1);
      return first.next + 1;
    }
    const suffix = suffixAt(first.next);
    if (!suffix) return null;
    // A relation that ended in 的 right before this anchor speaks of the anchor.
    if (pending.some(({ to }) => to === from && text(to - 1) === "的")) takePending(first.noun);
    push(
      {
        predicate: suffix.predicate,
        negated,
        ...(suffix.distance && { distanceM: suffix.distance }),
        anchors: [first.noun],
      },
      from,
      suffix.next,
    );
    return suffix.next;
  };
  const suffixAt = (i: number): { predicate: PredicateId; distance: Distance | undefined; next: number } | null => {
    let at = i;
    if (text(at) === "的" && (AFTER[text(at + 1)] || distanceAt(at + 1))) at += 1;
    const distance = distanceAt(at);
    if (distance && !(tokens[at]?.kind === "number" && AREA_UNITS[text(at + 1)])) {
      const predicate = distance.distance.op === ">=" ? "far_from" : "near";
      return { predicate, distance: distance.distance, next: skipDistribution(distance.next) };
    }
    const predicate = AFTER[text(at)];
    if (!predicate) return null;
    const after = distanceAt(at + 1);
    if (after)
      return {
        predicate: predicate === "adjacent" ? "near" : predicate,
        distance: after.distance,
        next: skipDistribution(after.next),
      };
    if (["有", "没有", "无"].includes(text(at + 1)) && predicate !== "inside" && !/_of$/.test(predicate)) return null;
    return { predicate, distance: undefined, next: skipDistribution(at + 1) };
  };
  const skipDistribution = (i: number) => (text(i) === "分布" ? i + 1 : i);
  const geoOf = (
    name: string,
    predicate: PredicateId,
    distance: Distance | undefined,
    negated: boolean,
  ): GeoConstraint => {
    const isDirection = ["north_of", "south_of", "east_of", "west_of"].includes(predicate);
    const relation = isDirection
      ? (predicate as "north_of")
      : predicate === "inside"
        ? negated
          ? "outside"
          : "inside"
        : predicate === "far_from" || negated
          ? "far_from"
          : "near";
    return { kind: "place", name, relation, ...(distance && { distanceM: distance.value }) };
  };

  const tryRelation = (i: number): number | null => {
    let at = i;
    let negated = false;
    if (["不", "没", "不是", "非"].includes(text(at)) || text(at) === "不在") {
      negated = true;
      at += 1;
    }
    const from = i;
    if (["在", "位于", "距", "离", "距离"].includes(text(at))) {
      at += 1;
      if (text(at) === "离") at += 1;
    } else if (text(at) === "不在") at += 1;
    // 离X最近
    if (["离", "距"].includes(text(i)) || text(i + 1) === "离") {
      const anchor = nounAt(at);
      const order = anchor && ({ 最近: "ascending", 最远: "descending" } as const)[text(anchor.next) as "最近"];
      if (anchor && order) {
        draft.sort = { by: "distance", order, anchor: anchor.noun };
        draft.spans.push(span(i, anchor.next + 1, "sort"));
        return anchor.next + 1;
      }
    }
    if (text(at) === "被") {
      const anchor = nounAt(at + 1);
      const after = anchor ? (text(anchor.next) === "所" ? anchor.next + 1 : anchor.next) : 0;
      if (anchor && ["包围", "环绕", "围绕"].includes(text(after))) {
        push({ predicate: "surrounded_by", negated, anchors: [anchor.noun] }, from, after + 1);
        return after + 1;
      }
    }
    if (text(at) === "与" || text(at) === "和") {
      const anchor = nounAt(at + 1);
      if (anchor && text(anchor.next) === "相连") {
        push({ predicate: "connected_to", negated, anchors: [anchor.noun] }, from, anchor.next + 1);
        return anchor.next + 1;
      }
    }
    const before_ = BEFORE[text(at)];
    if (before_) {
      const place = tokens[at + 1];
      if (place?.kind === "place") {
        const distance = distanceAt(at + 2);
        draft.geo.push(geoOf(place.name, before_, distance?.distance, negated));
        draft.spans.push(span(from, distance?.next ?? at + 2, `geo.${draft.geo.length - 1}`));
        return distance?.next ?? at + 2;
      }
      const anchor = nounAt(at + 1);
      if (anchor) {
        const distance = distanceAt(anchor.next);
        let next = skipDistribution(distance?.next ?? anchor.next);
        if (AFTER[text(next)] === "near" || text(next) === "旁边") next += 1;
        push(
          { predicate: before_, negated, ...(distance && { distanceM: distance.distance }), anchors: [anchor.noun] },
          from,
          next,
        );
        return next;
      }
    }
    if (text(at) === "包含") {
      const anchor = nounAt(at + 1);
      if (anchor) {
        push({ predicate: "contains", negated, anchors: [anchor.noun] }, from, anchor.next);
        return anchor.next;
      }
    }
    return anchoredAt(at, negated, from);
  };

  /** "旁边有密集建筑", "500米以内没有住宅", "没有树木". */
  const tryPossession = (i: number): number | null => {
    let at = i;
    const distance = distanceAt(at);
    const side = AFTER[text(at)];
    if (distance) at = distance.next;
    else if (side) at += 1;
    const verb = text(at);
    const negated = verb === "没有" || verb === "无" || (verb === "不" && text(at + 1) === "含");
    if (!negated && !["有", "带", "带有", "含"].includes(verb)) return null;
    if (!distance && !side && !negated && verb === "有" && pending.length === 0 && i === 0) return null;
    let start = at + (verb === "不" ? 2 : 1);
    if (text(start) === "任" && text(start + 1) === "何") start += 2;
    const anchor = nounAt(start);
    if (!anchor) return null;
    // 有…的 without a side is possession only when a noun still follows.
    const follows =
      tokens.slice(anchor.next).some((token) => token.kind === "concept") ||
      draft.target !== null ||
      ["区域", "地方", "地点"].includes(text(anchor.next + 1));
    if (!distance && !side && !negated && !follows) return null;
    const predicate: PredicateId = distance
      ? "near"
      : side
        ? side === "inside"
          ? "contains"
          : side
        : negated
          ? "near"
          : "contains";
    push(
      { predicate, negated, ...(distance && { distanceM: distance.distance }), anchors: [anchor.noun] },
      i,
      anchor.next,
    );
    return anchor.next;
  };

  const tryTime = (i: number): number | null => {
    const date = tokens[i]?.kind === "date" ? (tokens[i] as Extract<Token, { kind: "date" }>) : null;
    const isSelf = text(i) === "自" || text(i) === "从";
    const dateAfter =
      isSelf && tokens[i + 1]?.kind === "date" ? (tokens[i + 1] as Extract<Token, { kind: "date" }>) : null;
    const set = (from: string | undefined, to: string | undefined, next: number, kind?: TimeKind) => {
      draft.time = { kind: kind ?? draft.time?.kind ?? "new", ...(from && { from }), ...(to && { to }) };
      draft.spans.push(span(i, next, "time"));
      return next;
    };
    const found = date ?? dateAfter;
    if (found) {
      let next = i + (dateAfter ? 2 : 1);
      if (["至", "到", "-"].includes(text(next)) && tokens[next + 1]?.kind === "date") {
        const until = tokens[next + 1] as Extract<Token, { kind: "date" }>;
        next += 2;
        if (["之间", "期间"].includes(text(next))) next += 1;
        return set(found.from, until.to, next);
      }
      if (["以来", "起", "至今"].includes(text(next))) return set(found.from, undefined, next + 1);
      if (["之后", "以后", "后"].includes(text(next))) return set(found.to, undefined, next + 1);
      if (["之前", "以前", "前"].includes(text(next)))
        return set(draft.time?.from, before(found.from, 1, "day"), next + 1, draft.time ? undefined : "as_of");
      return dateAfter ? set(found.from, undefined, next) : set(undefined, found.to, next, draft.time?.kind ?? "as_of");
    }
    if (text(i) === "截至" && tokens[i + 1]?.kind === "date")
      return set(undefined, (tokens[i + 1] as Extract<Token, { kind: "date" }>).to, i + 2, "as_of");
    if (["过去", "最近", "近"].includes(text(i))) {
      const number = tokens[i + 1];
      const amount = number?.kind === "number" ? number.value : undefined;
      const at = amount === undefined ? i + 1 : i + 2;
      const skip = text(at) === "个" ? at + 1 : at;
      const unit = ({ 年: "year", 月: "month", 周: "week", 天: "day" } as const)[text(skip) as "年"];
      if (unit && amount !== undefined)
        return set(before(context.newestDate, amount, unit), undefined, skip + 1 + (text(skip + 1) === "内" ? 1 : 0));
      if (text(i) === "最近") return set(draft.time?.from, draft.time?.to, i + 1);
    }
    if (text(i) === "去年") return set(before(context.newestDate, 1, "year"), undefined, i + 1);
    const kind = TIME_WORDS[text(i)];
    if (kind) {
      draft.time = { ...(draft.time ?? {}), kind };
      draft.spans.push(span(i, i + 1, "time"));
      return i + 1;
    }
    return null;
  };

  const tryOrder = (i: number): number | null => {
    const sized = ({ 最大: "descending", 最小: "ascending" } as const)[text(i) as "最大"];
    const dated = ({ 最新: "descending", 最旧: "ascending" } as const)[text(i) as "最新"];
    if (sized || dated) {
      draft.sort = sized ? { by: "area", order: sized } : { by: "date", order: dated as "ascending" };
      draft.spans.push(span(i, i + 1, "sort"));
      const at = text(i + 1) === "的" ? i + 2 : i + 1;
      if (tokens[at]?.kind === "number") {
        draft.limit = (tokens[at] as Extract<Token, { kind: "number" }>).value;
        return at + 1 + (["个", "座", "处"].includes(text(at + 1)) ? 1 : 0);
      }
      return i + 1;
    }
    if (text(i) === "前" && tokens[i + 1]?.kind === "number") {
      draft.limit = (tokens[i + 1] as Extract<Token, { kind: "number" }>).value;
      draft.spans.push(span(i, i + 2, "limit"));
      return i + 2 + (["个", "座", "处"].includes(text(i + 2)) ? 1 : 0);
    }
    return null;
  };

  const tryExclusion = (i: number): number | null => {
    if (!["除了", "排除", "去掉", "不要"].includes(text(i))) return null;
    let at = i + 1;
    while (tokens[at]?.kind === "rank") {
      const token = tokens[at] as Extract<Token, { kind: "rank" }>;
      draft.exclude.push({ region: `#${token.value}` });
      draft.ranks.push({ rank: token.value, start: token.start, end: token.end, text: token.text });
      at += 1;
      if ([",", "和"].includes(text(at))) at += 1;
    }
    if (at > i + 1) return at;
    const next = anchoredAt(at, true, i);
    return next === null ? null : next + (["的"].includes(text(next)) ? 1 : 0);
  };

  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as Token;
    if (
      ["当前视图", "视图范围", "这个视图"].includes(token.text) ||
      (text(i) === "这" && ["里", "儿"].includes(text(i + 1)))
    ) {
      draft.geo.push({ kind: "viewport", relation: "inside" });
      i += text(i) === "这" ? 2 : 1;
      if (AFTER[text(i)] === "inside") i += 1;
      continue;
    }
    if (["绘制区域", "画的区域"].includes(token.text)) {
      draft.geo.push({ kind: "polygon", relation: "inside" });
      i += 1;
      if (AFTER[text(i)] === "inside") i += 1;
      continue;
    }
    const done = tryOrder(i) ?? tryTime(i) ?? tryExclusion(i) ?? tryRelation(i) ?? tryPossession(i);
    if (done !== null && done > i) {
      i = done;
      continue;
    }
    const size = areaAt(i);
    if (size) {
      areaM2 = size.value;
      draft.spans.push(span(i, size.next, "target.areaM2"));
      i = size.next;
      continue;
    }
    const distance = distanceAt(i);
    if (distance) {
      draft.distance = distance.distance;
      draft.spans.push(span(i, distance.next, "distance"));
      i = distance.next;
      continue;
    }
    const found = nounAt(i);
    if (found) {
      if (draft.target)
        draft.unparsed.push({
          ...(draft.spans.findLast(({ slot }) => slot === "target.concept") ?? span(i, found.next, "")),
          slot: "unparsed",
        });
      draft.spans = draft.spans.filter(({ slot }) => slot !== "target.concept");
      draft.target = found.noun;
      draft.spans.push(span(i, found.next, "target.concept"));
      i = found.next;
      continue;
    }
    if (token.kind === "attribute") attributes.push(token.attribute);
    else if (token.kind === "rank")
      draft.ranks.push({ rank: token.value, start: token.start, end: token.end, text: token.text });
    else {
      const quantity = quantityAt(i);
      if (quantity && token.kind !== "mark" && COMPARISONS[token.text]) {
        count = quantity.value;
        i = quantity.next;
        continue;
      }
      if (["只要", "只", "仅", "其中", "它", "这些", "那些"].includes(token.text) || token.text === "们")
        draft.pointsBack = true;
      else if (token.kind === "word" && !FILLER.has(token.text)) draft.unparsed.push(span(i, i + 1, "unparsed"));
    }
    i += 1;
  }
  takePending(null);
  draft.attributes.push(...attributes);
  if (count) draft.count = count;
  if (areaM2) draft.areaM2 = areaM2;
  draft.unparsed = joined(draft.unparsed, message);
  return draft;
}

function joined(spans: Draft["unparsed"], message: string): Draft["unparsed"] {
  const out: Draft["unparsed"] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && last.end === span.start)
      out[out.length - 1] = { ...last, end: span.end, text: message.slice(last.start, span.end) };
    else out.push(span);
  }
  return out;
}
