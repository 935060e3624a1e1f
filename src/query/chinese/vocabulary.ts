import type { PredicateId, TimeKind } from "../../../knowledge/ontology/ids.ts";
import type { ComparisonOp, GeoConstraint, Sort } from "../schema.ts";

const dictionary = new Set<string>();

/** Every function word of the Chinese grammar; the segmentation knows them next to the lexicon. */
export function chineseGrammarWords(): ReadonlySet<string> {
  return dictionary;
}

function set(list: string): ReadonlySet<string> {
  const words = list.split(" ");
  for (const word of words) dictionary.add(word);
  return new Set(words);
}

function table<T>(entries: readonly (readonly [T, string])[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const [value, list] of entries) for (const word of set(list)) map.set(word, value);
  return map;
}

/** Words after an anchor: "高速出口附近". */
export const AFTER = table<PredicateId>([
  ["near", "附近 周边 周围 四周 一带 近旁 左近 跟前 近处 周边地区 附近区域 临近处 不远处"],
  ["adjacent", "旁边 旁 边上 边 侧 侧面 身边 旁侧 隔壁 脚下 一侧 之旁 前面 前方 后面 门口 前 对面 紧旁 边缘 外缘"],
  ["along", "沿线 沿岸 两岸 岸边 两侧 两旁 河岸 沿途 岸上 两边 沿边"],
  [
    "inside",
    "里面 内部 中间 中心 中央 中心地带 核心 中部 里 内 中 上 之内 境内 里头 之中 范围内 范围之内 当中 上面 区域内 以内 范围里 范围",
  ],
  ["north_of", "北岸 以北 北边 北面 北侧 北部 北方 之北 北方向 北"],
  ["south_of", "南岸 以南 南边 南面 南侧 南部 南方 之南 南"],
  ["east_of", "东岸 以东 东边 东面 东侧 东部 东方 之东 东"],
  ["west_of", "西岸 以西 西边 西面 西侧 西部 西方 之西 西"],
  ["left_of", "左侧 左边 左面 左方 左"],
  ["right_of", "右侧 右边 右面 右方 右"],
  ["above", "上方 上头 上空 之上"],
  ["below", "下方 下面 底下 之下 下边 下"],
]);
/** Directions that stand for a part of a place only with 的 or nothing else between: "埃勒里北部". */
export const DIRECTIONS: ReadonlySet<string> = new Set(["north_of", "south_of", "east_of", "west_of"]);

/** 东北: north and east of it. */
export const DIAGONALS = table<readonly [PredicateId, PredicateId]>([
  [["north_of", "east_of"], "东北 东北方 东北边 东北面 东北侧 东北部 东北方向 东北角"],
  [["north_of", "west_of"], "西北 西北方 西北边 西北面 西北侧 西北部 西北方向 西北角"],
  [["south_of", "east_of"], "东南 东南方 东南边 东南面 东南侧 东南部 东南方向 东南角"],
  [["south_of", "west_of"], "西南 西南方 西南边 西南面 西南侧 西南部 西南方向 西南角"],
]);

/** Words before an anchor: "靠近河流". */
export const BEFORE = table<PredicateId>([
  ["near", "背靠 靠进 靠近 临近 邻近 接近 挨近 近 靠 离…近 更靠近 更接近 贴近 就近"],
  [
    "adjacent",
    "毗邻 紧邻 紧靠 挨着 临 相邻于 紧挨 紧挨着 毗连 紧贴 贴着 依傍 傍 邻接 接壤 濒临 面向 面对 紧临 临着 相邻",
  ],
  ["far_from", "远离 避开 远隔 躲开"],
  ["along", "沿着 沿 顺着 沿循"],
  ["crosses", "跨越 横跨 穿过 跨 横穿 穿越 越过 跨过 贯穿 横越 飞越 经过"],
  ["connected_to", "连接 连着 通往 连通 接入 通向 连接着 连接到"],
  ["contains", "包含 包括 含有 设有 建有 拥有 带有 配有 容纳 含 内含"],
]);
export const SURROUNDS = set("包围 环绕 围绕 环抱 包裹 围住 围着 围起来 包围着 环绕着 围");
export const JOINED = set("相连 连接 相接 连通 连着 相通 接通");
export const ADJOINED = set("相邻 毗邻 接壤 相接壤 紧邻 挨着 毗连 为邻");
export const BETWEEN = set("之间 中间 间");
export const AND = set("和 与 跟 及 以及 同 、 或 或者 还有");
export const OR = new Set(["或", "或者"]);
export const TO = set("与 和 跟 同 到 至 距 离 距离");
export const AT = set(
  "在 位于 处于 坐落于 坐落在 处在 地处 建在 分布在 座落在 坐落 座落 落在 分布于 处 存在于 建于 立于 停在 停靠在 停泊在 开在 位 身处",
);
export const DISTANCE_TO = set("距 离 距离 到 相距 与 和 跟 距离着 相隔");
export const NOT = set(
  "不 没 不是 非 不在 不能 未 别 并不 并非 不会 不应 不位于 并不在 没在 不要在 不处于 不得 切勿 不可 不该",
);
export const HAS = set(
  "有 带 带有 含 含有 设有 建有 拥有 存在 配有 有着 包含 包括 配备 具有 附带 附有 都有 又有 还有 也有 且有 既有 停有 停着 种有 修有 长有 停泊着 停放着 停满 布满 装满 充满 长满 遍布 种满 盖有 开有 并有 而且有 同时有 内设 自带",
);
export const HAS_NO = set(
  "没有 无 缺少 缺乏 不含 不包含 没 不带 不存在 没有任何 毫无 并无 不具有 不设 不包括 又没有 也没有 并没有 且没有 还没有 都没有",
);
export const SPREAD = set("分布 建设 排列 而建 修建 延伸 布置 坐落 建造 展开 分布着 布局 相望 生长");

export const COMPARISONS = table<ComparisonOp>([
  [">", "> 不止 大于 超过 多于 高于 大过 超出 超 多过 大於 逾"],
  ["<", "< 小于 少于 不到 低于 不足 未满 不满 短于 近于 小过 少过"],
  [">=", ">= ≥ 至少 不小于 不少于 不低于 最少 起码 大于等于 大于或等于 少说 不下 至少有 最少有"],
  ["<=", "<= ≤ 至多 最多 不超过 不大于 不多于 不高于 小于等于 小于或等于 至多有 最多有 不多過 控制在 顶多"],
  ["=", "恰好 正好 刚好 恰 等于 整整 仅 只 恰恰 准确 恰好有 正好有 刚好有 仅有 只有 为 是"],
]);
export const AFTER_NUMBER = table<ComparisonOp>([
  [">=", "以上 及以上 或以上 或更多 或者更多 起 或更大 及更多 或者以上"],
  ["<=", "以下 及以下 或以下 或更少 以内 之内 或者更少 或更小"],
]);
export const WITHIN = set(
  "以内 之内 范围内 范围之内 范围以内 内 半径内 半径范围内 距离内 距离以内 以里 里 左右 远 半径 之间 距离 附近 范围 以下 开外以内 之遥 处 近",
);
export const BEYOND = set("以外 之外 外 开外 以上 范围外 范围以外 范围之外 外面 以远 之远");
export const ABOUT = set(
  "在 约 大约 大概 约为 差不多 将近 近 为 是 方圆 半径 半径为 相距 距离 都 要 应 应该 直线距离 直线",
);
export const CLASSIFIERS = set(
  "个 座 处 片 条 栋 艘 架 块 家 间 只 台 辆 根 所 口 幢 株 棵 颗 道 层 组 排 群 名 种 样 段 堆 套 户 列 门 张 棟 堵 面 汪 方 圈 环 团 股 支 枚 副 部",
);
export const VAGUE_COUNTS = table<{ op: ComparisonOp; value: number }>([
  [{ op: ">=", value: 2 }, "多个 多座 多处 多栋 多艘 多家 多条 多片 不止一个 多架 多台"],
  [{ op: ">=", value: 3 }, "好几个 数个 若干 若干个 几个 数座 几座 好几座 一群 一片片"],
  [{ op: "=", value: 2 }, "一对 一双"],
]);

export const CHANGES = table<TimeKind>([
  [
    "new",
    "新建 新增 新出现 新修 新的 新 新建成 新建造 新落成 新开 新开业 新开发 新添 新增加 刚建 刚建成 刚建好 最近建 最近新建 近期新建 建成 建造 修建 兴建 落成 出现 开业 建设 建起来 建起 刚出现 最新建成 新近 新冒出 盖 盖起来 新盖 新修建 刚修 冒出 崭新 新设 新设立 建好 竣工 新竣工 建于 建立 开工 动工 建的 盖的 修的 建造的 修建的 兴建的 建设的 新形成 新开辟",
  ],
  [
    "gone",
    "不存在 已不复存在 消失 拆除 被拆 被拆除 拆掉 不见 拆 没了 已消失 已拆除 已拆 不复存在 不存在了 被毁 被推平 拆毁 撤除 砍伐 砍掉 毁掉 砍光 推平 夷为平地 填平 毁坏消失 关闭了 曾经存在 曾有 消亡 被铲平 已经消失 不见了 被清除 灭失 已经拆除 拆走 已不在 已不存在",
  ],
  [
    "grown",
    "扩大 扩建 扩张 增长 扩展 变大 扩容 增大 扩充 蔓延 变宽 拓展 扩大了 变大了 扩张了 面积增加 面积变大 面积扩大 长大 延伸了 正在扩张 正在扩大 面积增大 面积增长 变多",
  ],
  [
    "shrunk",
    "缩小 萎缩 缩减 减少 变小 退缩 后退 收缩 减小 退化 干涸 面积减少 面积缩小 面积变小 缩水 变窄 缩小了 变小了 正在缩小 正在萎缩 消退 面积减小 面积萎缩 变少",
  ],
  [
    "changed",
    "变化 改变 改道 发生变化 变动 有变化 改动 发生改变 改造 变了 改变了 变样 发生了变化 有所变化 有了变化 发生了改变 翻新 有变动",
  ],
]);
export const SINCE = set("以来 起 至今 开始 之后 以后 后 来 到现在 以来的 到今天 至现在");
export const LATER = set("之后 以后 后");
export const EARLIER = set("之前 以前 前 底以前");
export const YEAR_ENDS = set("底 年底 末 年末");
export const YEAR_STARTS = set("初 年初");
export const HALVES = set("上半年 下半年");
/** Parts of a picture: no slot holds them, so that they are reported. */
export const CORNERS = set("左上角 右上角 左下角 右下角 左上方 右上方 左下方 右下方");
export const NO_LATER = set("不晚于 最晚 最迟 不迟于");
export const NO_EARLIER = set("不早于 最早");
export const FROM = set("自 从 自从");
export const UNTIL = set("至 到 - ~ 和 与 直到 — 以及");
export const PERIOD = set("之间 期间 年间 间 内 里 中 这段时间 以内 之内 当中 这段时间内 时 的时候 年底 时期");
export const AS_OF = set("截至 截止 截止到 到 至 截至到");
export const PAST = set("过去 最近 近 近来 这 前 上 上个 上一 刚过去的 前一 近几 往前");
export const RECENTLY = set("最近 近期 近来 近年来 近年 近几年 最近几年 这几年 不久前 近日 刚刚 近些年 刚 最近这些年");
export const UNITS = table<"year" | "month" | "week" | "day">([
  ["year", "年 载 年度 年里 年内 年间 年来"],
  ["month", "月 个月 月份"],
  ["week", "周 星期 个星期 礼拜 个礼拜"],
  ["day", "天 日"],
]);
export const YEARS = table<number>([
  [-1, "去年 上一年 上年 过去一年里"],
  [0, "今年 本年 本年度 当年"],
]);

export const SUPERLATIVES = table<Pick<Sort, "by" | "order">>([
  [
    { by: "area", order: "descending" },
    "最大 面积最大 最大型 规模最大 占地最大 最大面积 最宽阔 最大规模 最广 占地面积最大",
  ],
  [{ by: "area", order: "ascending" }, "最小 面积最小 规模最小 最小型 占地最小 占地面积最小"],
  [{ by: "date", order: "descending" }, "最新 最新建 最近建成 最晚建成 建成最晚 最晚 最新建成 最晚出现"],
  [{ by: "date", order: "ascending" }, "最旧 最老 最早 最古老 最早建成 建成最早 年代最久 最早出现"],
  [{ by: "probability", order: "descending" }, "最可能 概率最高 可信度最高 置信度最高 最有可能 最像 得分最高 最确定"],
  [{ by: "count", order: "descending" }, "数量最多 最多的"],
]);
export const NEAREST = table<Sort["order"]>([
  ["ascending", "最近 最靠近 最接近 距离最近 最邻近 最近处"],
  ["descending", "最远 距离最远 最远离 最偏远"],
]);
export const SORT_LEADS = set("按 按照 依 根据 依照 以 依据 照 就");
export const SORT_VERBS = set(
  "排序 排列 排名 排 排一下 排个序 来排 的顺序 顺序 排一排 排一遍 的顺序排列 顺序排列 的顺序排序 列出来 为序 次序 重新排序",
);
export const SORT_KEYS = table<Pick<Sort, "by" | "order">>([
  [{ by: "area", order: "descending" }, "面积 大小 规模 占地面积 尺寸 占地"],
  [{ by: "distance", order: "ascending" }, "距离 远近 距离远近"],
  [{ by: "probability", order: "descending" }, "概率 可信度 置信度 可能性 得分 分数 把握"],
  [{ by: "date", order: "descending" }, "时间 日期 新旧 建成时间 年份 先后 建成日期 建造时间"],
  [{ by: "count", order: "descending" }, "数量 数目"],
]);
export const ORDERS = table<Sort["order"]>([
  ["ascending", "从小到大 升序 由小到大 从近到远 由近到远 从旧到新 从低到高 从少到多 由低到高 递增 正序 从早到晚"],
  ["descending", "从大到小 降序 由大到小 从远到近 由远到近 从新到旧 从高到低 从多到少 由高到低 递减 倒序 从晚到早"],
]);
export const FIRST = set("优先 排前面 排在前面 排在最前 排最前 排第一 靠前 排在最前面 先显示 排前 放前面 放在前面");
export const TOP = set("前 头 前面 排名前");

export const EXCLUDING = set(
  "除了 排除 去掉 不要 除去 跳过 略过 不包括 剔除 去除 除开 除 不算 不含 过滤掉 不看 移除 删掉 删除 扣除 撇开 筛掉 隐藏 不显示 别要 排除掉 去掉了 别显示 屏蔽 不想要 不考虑 拿掉 除掉 减去",
);
export const EXCEPT = set("以外 之外 外 而外");
export const REMOVING = set(
  "去掉 删除 取消 忽略 不考虑 不需要 不用 不管 无需 放弃 移除 去除 删掉 不限 不限制 不再 不必 撤掉 拿掉 解除 清除 不要求 无须 抛开 别管 不在乎 不再要求 不一定 不一定要 不必是 不一定非要 不用管 不限于 不非得 放开 去除掉 免去 省去 丢掉 不再限制 不用再 不再需要 取消掉 不理会 不必再 不局限于 不要再 清空",
);
export const NO_MATTER = set(
  "不限 无所谓 不重要 不管 随意 任意 都行 都可以 不限制 不要求 不用管 不考虑 不需要 不用 可以去掉 去掉 不要了 取消 就算了 算了 没关系 不必 不需要了 不用了 无关紧要 删掉 删除 移除 随便 不要 不再需要 不再重要",
);
export const CONDITIONS = set(
  "条件 限制 要求 约束 部分 筛选 那条 这条 那部分 限定 这个条件 那个条件 这项 那项 这一条 那一条 过滤 这部分 这些条件 了 约束条件 限制条件 那个要求 这个要求 规定 这一项",
);
export const SLOTS = table<"time" | "size" | "distance" | "geo" | "sort" | "limit" | "count" | "exclude">([
  ["size", "面积 大小 规模 尺寸"],
  ["distance", "距离 半径 远近"],
  ["time", "时间 日期 年份 时间范围 新旧 新建 新的 新 新增 年代 时段 变化"],
  ["geo", "地点 位置 地区 视图 地理 区域范围 地域 绘制区域 范围限制"],
  ["sort", "排序 顺序 排名 次序"],
  ["limit", "数量限制 结果数量 条数 前几"],
  ["count", "数量 数目"],
  ["exclude", "排除项 排除条件 排除"],
]);
export const ANY = set("任意 任何 不论 无论 不拘 随便");
export const SWAP_LEADS = set("把 将 由 从");
export const SWAP_VERBS = set(
  "换成 改成 改为 替换成 替换为 变成 换做 变为 换为 改作 替成 换作 换到 改到 调整为 调整到 调到 调成 设为 设成 变到 放宽到 放宽为 缩小到 扩大到 缩短到 收紧到 增加到 减少到 提高到 降低到 放到 限制在 收窄到 扩展到 缩到",
);
export const INSTEAD = set("而不是 而非 不是 代替 取代 替代 替换");
export const LAST = set("最后一个 最后那个 最后一处 最后面那个 末尾那个");
export const ALL_RESULTS = set("全部显示 全都显示 显示全部 全部结果 所有结果 都显示 显示所有 全都要 全部都要");
export const OTHER_SIDES = set("对岸 另一边 另一侧 另外一边 另外一侧 对面那边 那一边 另一岸 另一头 反方向");

export const EDGES = set("边缘 郊区 城郊 外围 近郊 郊外 市郊 边沿 周缘 远郊 城乡结合部 边缘地带 郊 城边");
export const EDGES_ALONE = set(
  "城郊 郊区 市郊 郊外 近郊 城乡结合部 城边 城镇边缘 城市边缘 镇郊 远郊 城区边缘 城外 城边上",
);
export const VIEWS = table<GeoConstraint["kind"]>([
  [
    "viewport",
    "这附近 这周边 这里 这儿 此处 这边 当前地图视图 地图视图 当前视图 这个视图 视图范围 视图 当前视野 视野 屏幕 画面 当前范围 当前画面 当前地图 当前区域 本区域 这个区域 这一区域 此区域 这片区域 这一带 眼前 视窗 当前屏幕 可见范围 地图范围 可视范围 可见区域 当前窗口 这张图 图中 图上 这幅图 该区域 本视图 此视图 视图区域 本图 当前 这片 这块",
  ],
  [
    "polygon",
    "绘制区域 画的区域 我画的区域 我画的范围 画的范围 绘制的区域 绘制的范围 画的多边形 绘制的多边形 我画的框 我画的多边形 圈出的区域 我圈的区域 选定区域 选定的区域 选中的区域 选中区域 选区 框选区域 框选的区域 所选区域 所画区域 多边形 我选的区域 圈定的区域 标记的区域 画出的区域 我绘制的区域 我框选的区域 我选中的区域 我圈出的区域 画好的区域 我标出的区域 圈中的区域 我圈定的区域 画的圈 我画的圈 我画的地方 我的区域 我标记的区域 我选定的区域",
  ],
  ["bbox", "给定范围 指定范围 给定的范围"],
]);
export const GENERIC = set("地方 区域 地点 位置 地带 地块 场所 地区 片区 所在 地段 处所 东西 目标 对象 设施 之处 土地");
export const BACKWARD = set(
  "只要 只 仅 仅要 其中 它 它们 这些 那些 他们 只看 只显示 只保留 只留 保留 剩下 仅看 仅显示 限定 那几个 这几个 刚才的 上面的 结果中 里面的 只找 只想要 仅保留 只需 只需要",
);
export const START_OVER = set(
  "算了 换个话题 换一个话题 换话题 另一个话题 重新开始 新的搜索 别找了 不找了 换个问题 重来 不管这个了 忘掉这个 另外找 新问题 算了吧 先不管这个",
);
export const AND_ALSO = set(
  "且 并 并且 而且 同时 又 还 也 既 但 但是 而 不过 可是 再 另外 此外 还要 也要 必须 要 然后 只是 可 然而 虽然 以及 同时也 并要 还得 都要 都 还应 却",
);

/** Words that a question is wrapped in; they carry nothing for the Query. */
export const FILLER = set(
  "什么时候 什么时间 何时 的 了 请 有 共有 帮 我 给 找 查 查找 寻找 找出 找到 帮我 给我 帮忙 显示 列出 搜索 搜 搜寻 检索 查询 展示 哪里 哪儿 哪些 哪 哪个 些 一些 所有 全部 一下 我想 我要 我需要 想 看看 看 有没有 是否 可以 能 能不能 能否 可否 要 需要 吗 呢 吧 啊 呀 么 嘛 哦 嗯 就 那 这 那些 这些 它 们 其 其中 之 从 向 对 为 以 换 改 改成 改为 现 现在 结果 地 得 着 过 把 被 出 来 去 到 下 很 非常 比较 较 特别 十分 相当 最 每 各 各个 麻烦 麻烦你 您 你 他 她 谢谢 你好 您好 请问 知道 告诉 告诉我 帮忙找 想要 想找 希望 建议 推荐 那么 好 好的 行 嘿 喂 个 此 该 本 某 同样 一样 也 还 都 只 所 所在 图 图像 影像 图片 卫星 航拍 遥感 地图 标出 标注 识别 检测 定位 找找 看一看 看一下 什么 怎样 可能 疑似 符合 满足 条件 属于 处 正在 已 已经 曾 曾经 今 目前 现有 现存 存在 能够 应该 应 尽量 最好 大概 大约 左右 相关 有关 类型 类 种类 种 一种 般 一个 那个 这个 那种 这种 什么样 情况 请帮我 请给我 之类 等 等等 会 以 由 者 而已 而 但 且 即 即可 才 更 比 一点 些许 并 另 另外 发生 进行 完成 自己 我们 咱们 大家 当地 全图 整个 全 全域 方面 挑 挑出 挑选 选 选出 筛选 过滤 返回 输出 呈现 列举 列 枚举 汇总 拿 取 弄 搞 想看 想知道 想了解 帮我找 帮我看 嗎 麼 個 請 處 裡 見 些什么 共有 通过 作为 用于 用来 用作 那里 那儿 那边 做 变 设 调 放 最终 首先 其次 第 号 座落 看见 见 位置 区域 地方 地点 设施 场所 一起 同时 又 同 地面 陆地 外面 大致 大体 主要 单独 独立 完整 具体 各种 各类 不同 任何 任意 面积 不晚于 不早于 最迟 最晚 比 不太 不是很 不怎么 不算 漂亮 美丽 著名 重要 普通 常见 特殊 合适 适合 便利 方便 安静 偏僻 现代 现代化 传统 古老 老旧 陈旧 老 旧 优质 宽阔 宽敞 笔直 平坦 陡峭 热闹 完好 规划 直达 直通 成片 一排排 一片片 成群 排排 一大片 一份 列表 清单 名单 挺 有点 稍微 太 在 位于 跟 差不多 范围 加上 加 增加 添加 条件 四面 四周 那样 这样 一样的 像 似 我是说 是说 还是 就是 算是 样 的话 停 夹 如果 只能 仅仅 几乎 甚至 至 起 住 住着",
);

/** Names of large places that hold characters of the lexicon (上海 is no 海); names, not kinds of things. */
export const NAMES = set(
  "上海 海南 青海 海口 河北 河南 湖北 湖南 山东 山西 江苏 江西 浙江 黑龙江 北京 天津 重庆 广东 广西 广州 深圳 杭州 南京 苏州 武汉 成都 西安 郑州 长沙 青岛 大连 宁波 厦门 福州 无锡 合肥 昆明 沈阳 长春 南昌 南宁 贵阳 太原 石家庄 云南 贵州 四川 安徽 福建 甘肃 陕西 辽宁 吉林 内蒙古 新疆 西藏 宁夏 香港 澳门 台湾 台北 高雄 黄河 长江 珠江 淮河 泰山 黄山 太湖 西湖 鄱阳湖 洞庭湖 渤海 黄海 东海 南海 洛阳 珠海 威海 北海 中山 佛山 东莞 唐山 舟山 连云港 鹿特丹 新加坡 东京 大阪 首尔 纽约 伦敦 巴黎 柏林 汉堡 悉尼 洛杉矶 旧金山 海牙 河内 曼谷 迪拜",
);
/** Single characters of the grammar that may as well begin a name or an unknown word: 西马奇, 面包店. */
export const MAY_BEGIN_NAMES: ReadonlySet<string> = new Set(
  "面东西南北上下中前后外内左右名部方门张成共多少道层段种点比近临沿跨外围里侧",
);
