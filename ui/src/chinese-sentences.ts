/**
 * Sentences of the service in Chinese, faults and notes of an ingest, by the English sentence that it answers: what is filled in stands as
 * {1}, {2} … in both. A test holds the list against the sources, so that no sentence is without its Chinese one.
 */
const SENTENCES: readonly (readonly [english: string, chinese: string])[] = [
  // A question.
  [
    "The message is empty; ask a question, for example “find quarries near a river”.",
    "消息为空;请输入一个问题,例如“查找河边的采石场”。",
  ],
  ["The message has {1} characters; at most {2} are read, shorten it.", "消息有 {1} 个字符,最多读取 {2} 个;请缩短。"],
  [
    'The thread id "{1}" is malformed; use letters, digits, - and _, at most 64.',
    "对话编号“{1}”格式不对;请用字母、数字、- 和 _,最多 64 个。",
  ],
  [
    "The viewport {1} is no box; give W,S,E,N in degrees with west under east and south under north.",
    "视图范围 {1} 不是矩形;请按度给出 西,南,东,北,且西小于东、南小于北。",
  ],
  ["The area {1}; give closed rings of lon, lat in degrees.", "范围有误({1});请给出以度为单位、经度在前的闭合环。"],
  ["The turn was stopped.", "本轮已停止。"],
  ["The search was stopped.", "搜索已停止。"],
  [
    "The language model {1} failed several times and is left alone for a while.",
    "语言模型 {1} 多次失败,暂时不再使用。",
  ],
  ["The language model {1} did not answer.", "语言模型 {1} 没有回答。"],
  [
    "The language model {1} is not asked: {2} tokens and an answer do not fit in the {3} that this turn has left.",
    "未询问语言模型 {1}:{2} 个词元加上回答超出本轮剩余的 {3} 个。",
  ],
  [
    "The language model {1} answered with something else than the asked shape.",
    "语言模型 {1} 的回答不符合要求的格式。",
  ],
  [
    'TERRALOGUE_LLM_KIND is "{1}"; set it to openai or ollama.',
    "TERRALOGUE_LLM_KIND 为“{1}”;请设为 openai 或 ollama。",
  ],
  [
    'TERRALOGUE_LLM_URL is "{1}", which is no http address; give one such as http://127.0.0.1:8000/v1 or ollama:http://127.0.0.1:11434.',
    "TERRALOGUE_LLM_URL 为“{1}”,不是 http 地址;请填写例如 http://127.0.0.1:8000/v1 或 ollama:http://127.0.0.1:11434。",
  ],
  ['{1} is "{2}"; give a number over 0.', "{1} 为“{2}”;请填写大于 0 的数。"],
  ['The question "{1}" cannot be planned: {2}.', "无法为问题“{1}”制定计划:{2}。"],
  ['The change names "{1}", which the query does not have.', "修改提到了“{1}”,但查询中没有它。"],
  ["The change would not leave a valid query; say it in other words.", "这样修改后查询无效;请换一种说法。"],
  ['There is no concept "{1}".', "没有概念“{1}”。"],
  // Threads, regions and what is shown of them.
  ['There is no thread "{1}".', "没有对话“{1}”。"],
  ["The thread has no turn {1}; its turns are 1 to {2}.", "该对话没有第 {1} 轮;共有第 1 到 {2} 轮。"],
  ['Turn {1} of thread "{2}" is not there, or searched nothing.', "对话“{2}”没有第 {1} 轮,或该轮没有搜索。"],
  ['There is no turn {1} in thread "{2}".', "对话“{2}”中没有第 {1} 轮。"],
  [
    'Thread "{1}" has no search result to export; run a search in it first.',
    "对话“{1}”没有可导出的搜索结果;请先在其中搜索。",
  ],
  ['"{1}" is no export; ask for THREAD.{2}.', "“{1}”不是导出文件;请求 THREAD.{2}。"],
  ['There is no region "{1}"; its id is in the reply that found it.', "没有区域“{1}”;编号见找到它的回答。"],
  [
    'There is no tile, entity or region "{1}"; tiles are SCALE/IX/IY, regions THREAD.TURN.RANK as their reply names them.',
    "没有图块、实体或区域“{1}”;图块写作 SCALE/IX/IY,区域写作回答中的 THREAD.TURN.RANK。",
  ],
  ["There is no imagery of {1}; the dates are {2}.", "没有 {1} 的影像;现有日期:{2}。"],
  ['There is no mosaic "{1}"; the dates are {2}.', "没有镶嵌影像“{1}”;现有日期:{2}。"],
  ["There is no such mosaic.", "没有这幅镶嵌影像。"],
  ["The mosaic of {1} does not cover this region.", "{1} 的镶嵌影像没有覆盖该区域。"],
  [
    "There is no map tile {1}/{2}/{3}; write Z/X/Y.png or Z/X/Y.webp.",
    "没有地图瓦片 {1}/{2}/{3};请写作 Z/X/Y.png 或 Z/X/Y.webp。",
  ],
  ["Too many map tiles are asked for at once; try again in a second.", "同时请求的地图瓦片过多;请稍后再试。"],
  ["The tile is no longer wanted.", "已不再需要该瓦片。"],
  [
    "{1} do not reach the region; choose one inside them or another date.",
    "{1}没有覆盖该区域;请选择其范围内的区域或另一日期。",
  ],
  ["{1} given; give one of region (an id), polygon and bbox.", "{1};请在 region(编号)、polygon、bbox 中给出一个。"],
  ["The polygon has no area; draw it around something.", "多边形没有面积;请围住一块地方。"],
  [
    "The box {1} is not W,S,E,N in degrees with west under east and south under north.",
    "矩形 {1} 不是以度为单位、西小于东且南小于北的 西,南,东,北。",
  ],
  ['The bbox "{1}" is not W,S,E,N in degrees.', "矩形“{1}”不是以度为单位的 西,南,东,北。"],
  ["The limit must be a whole number from 1 to {1}.", "数量须为 1 到 {1} 的整数。"],
  [
    "A chip of {1} × {2} pixels is too large; read at most {3} at once.",
    "{1} × {2} 像素的切片太大;一次最多读取 {3} 个像素。",
  ],
  // The service.
  ["The service is busy with other questions; try again in a few seconds.", "服务正在处理其他问题;请几秒后再试。"],
  ["The service is busy with other searches; try again in a few seconds.", "服务正在处理其他搜索;请几秒后再试。"],
  [
    "This run id belongs to another question; make a new id for every turn.",
    "该运行编号属于另一个问题;请为每一轮使用新编号。",
  ],
  ["The request is not as it should be{1}: {2}.", "请求有误{1}:{2}。"],
  ["The request body is larger than 1 MB; send less.", "请求超过 1 MB;请减少内容。"],
  ["There is nothing at {1}.", "{1} 处没有内容。"],
  ["Something went wrong in the service; its log says what.", "服务出现故障;详情见其日志。"],
  ["The service answered {1}.", "服务返回了状态 {1}。"],
  ["This service answers only under its loopback name.", "该服务只在本机回环地址下应答。"],
  ["The last message is not the user's; end the messages with a question.", "最后一条消息不是用户的;请以问题结尾。"],
  ['A message has a part of the type "{1}"; only text is read.', "消息中有类型为“{1}”的部分;只读取文字。"],
  // An ingest and its sources.
  ["This ingest is done; there is nothing to try again.", "该导入已完成,无需重试。"],
  ["There is no such ingest.", "没有这个导入任务。"],
  ['There is no ingest "{1}".', "没有导入任务“{1}”。"],
  ["An ingest is running; wait for its end, or cancel it.", "另一个导入正在进行;请等待其结束或将其停止。"],
  ["Only the page of this service itself may ingest.", "只有本服务自己的页面可以导入数据。"],
  [
    "This service takes no data: it is not bound to its own machine alone; set TERRALOGUE_INGEST=upload where that is wanted.",
    "该服务不接收数据,因为它不只绑定本机;如需接收,请设置 TERRALOGUE_INGEST=upload。",
  ],
  [
    "This service takes no {1} from the page: it is not bound to its own machine alone; set TERRALOGUE_INGEST=all where that is wanted.",
    "该服务不从页面接收 {1},因为它不只绑定本机;如需接收,请设置 TERRALOGUE_INGEST=all。",
  ],
  ["The commands are not built; run npm run build, then try again.", "命令尚未构建;请运行 npm run build 后再试。"],
  ["A source comes by exactly one of upload, path and url.", "每个数据源只能通过上传、路径、网址三者之一提供。"],
  ["An uploaded file is no longer there; send it again.", "上传的文件已不在;请重新上传。"],
  [
    '"{1}" is no absolute path on the machine of the service; write it from the root.',
    "“{1}”不是服务所在机器上的绝对路径;请从根目录写起。",
  ],
  ["{1} answers {2} instead of the file; correct the address.", "{1} 返回了 {2},而不是文件;请更正网址。"],
  ["An embedding raster needs the year that it shows, as YYYY.", "嵌入栅格需要写明所示年份,格式为 YYYY。"],
  ['"{1}" is no date; write YYYY-MM-DD, for example 2024-05-31.', "“{1}”不是日期;请写作 YYYY-MM-DD,例如 2024-05-31。"],
  ["A file is sent as application/octet-stream, as it is.", "文件须按原样以 application/octet-stream 发送。"],
  ["The file belongs to an ingest; take that off the list instead.", "该文件属于一个导入任务;请改为移除该任务。"],
  [
    "The disk of the service has no room for this file; free some, or give its path instead.",
    "服务的磁盘放不下该文件;请腾出空间,或改为填写其路径。",
  ],
  ["The disk of the service is full; free some room, then try again.", "服务的磁盘已满;请腾出空间后再试。"],
  ["{1} is empty (0 bytes); choose another file.", "{1} 是空文件(0 字节);请选择其他文件。"],
  ["{1} did not come whole, and was not kept; send it again.", "{1} 没有完整到达,未予保留;请重新上传。"],
  [
    "The file is larger than the {1} MB that are taken; give its path on the machine of the service instead, or raise TERRALOGUE_UPLOAD_MB.",
    "文件超过允许的 {1} MB;请改为填写它在服务所在机器上的路径,或调大 TERRALOGUE_UPLOAD_MB。",
  ],
  ['TERRALOGUE_UPLOAD_MB is "{1}"; set it to a number of megabytes.', "TERRALOGUE_UPLOAD_MB 为“{1}”;请设为兆字节数。"],
  ['{1} is "{2}"; set it to {3}.', "{1} 为“{2}”;请设为 {3}。"],
  [
    "There is nothing to ingest; give at least one --image, --vectors, --detections, --embeddings or --knowledge.",
    "没有可导入的数据;请至少给出影像、图层、检测、嵌入或知识中的一种。",
  ],
  [
    "None of the sources has a position; add an image or a layer with geometries.",
    "这些数据都没有位置;请添加影像或带几何的图层。",
  ],
  [
    'The embeddings "{1}" name no year; write FILE@YEAR, for example aef.tif@2024.',
    "嵌入“{1}”没有年份;请写作 FILE@YEAR,例如 aef.tif@2024。",
  ],
  [
    'The date "{1}" of {2} is no date; write FILE@YYYY-MM-DD, for example {3}@2024-05-31.',
    "{2} 的日期“{1}”不是日期;请写作 FILE@YYYY-MM-DD,例如 {3}@2024-05-31。",
  ],
  ["There is no file {1}; check the path.", "没有文件 {1};请检查路径。"],
  ["There is no folder {1}; check the path.", "没有文件夹 {1};请检查路径。"],
  // Web addresses.
  ["{1} is no http or https address; correct it.", "{1} 不是 http 或 https 地址;请更正。"],
  [
    "The address holds a user name or password, which would be stored; give one without.",
    "网址中含有用户名或密码,会被保存下来;请给出不含它们的网址。",
  ],
  [
    "{1} is not on the public internet, and is not fetched from the page; ingest it from the command line, or set TERRALOGUE_INGEST_URLS=any.",
    "{1} 不在公共互联网上,不会从页面读取;请用命令行导入,或设置 TERRALOGUE_INGEST_URLS=any。",
  ],
  [
    "{1} leads from https to http, which is not followed; give the file's own address.",
    "{1} 从 https 转到 http,不予跟随;请给出文件本身的网址。",
  ],
  [
    "{1} leads on more than {2} times without a file; give the file's own address.",
    "{1} 跳转超过 {2} 次仍没有文件;请给出文件本身的网址。",
  ],
  ["{1} does not answer; try again later.", "{1} 没有应答;请稍后再试。"],
  ["{1} cannot be reached ({2}).", "无法连接 {1}({2})。"],
  ["The server sends more than was asked of it; give another address.", "服务器发送的内容多于请求;请换一个网址。"],
  // Rasters.
  ["Reading was stopped.", "读取已停止。"],
  [
    'The CRS "{1}" is not known; name it as EPSG:n or a proj4 string.',
    "不认识坐标系“{1}”;请写作 EPSG:n 或 proj4 字符串。",
  ],
  [
    'The CRS "{1}" does not measure in metres; use a projected one such as a UTM zone.',
    "坐标系“{1}”不以米为单位;请使用投影坐标系,例如 UTM 分带。",
  ],
  [
    "{1} has {2} bands, but {3} are named; name at most {4}.",
    "{1} 有 {2} 个波段,却列出了 {3} 个名称;最多列出 {4} 个。",
  ],
  ["{1} has a block that cannot be decoded ({2}); copy it again.", "{1} 有一个数据块无法解码({2});请重新复制。"],
  [
    "A block of {1} cannot be decoded ({2}); the file is damaged, copy it again.",
    "{1} 的一个数据块无法解码({2}),文件已损坏;请重新复制。",
  ],
  ["{1} is empty (0 bytes); copy or download it again.", "{1} 是空文件(0 字节);请重新复制或下载。"],
  [
    "{1} is a {2} picture under a TIFF name; its georeference, if any, is only in a sidecar: convert it with gdal_translate -of GTiff IN OUT.tif.",
    "{1} 其实是 {2} 图片,只是用了 TIFF 的文件名,地理参考(若有)只在旁边的文件中;请用 gdal_translate -of GTiff IN OUT.tif 转换。",
  ],
  [
    "{1} is not a TIFF file; convert it with gdal_translate -of COG.",
    "{1} 不是 TIFF 文件;请用 gdal_translate -of COG 转换。",
  ],
  [
    "{1} cannot be read as a TIFF ({2}); it may be truncated or damaged, copy it again.",
    "无法按 TIFF 读取 {1}({2}),可能被截断或损坏;请重新复制。",
  ],
  [
    "{1} is truncated or damaged: its header names no pixels; copy it again.",
    "{1} 被截断或损坏,文件头中没有像素;请重新复制。",
  ],
  [
    "{1} declares {2} × {3} pixels in {4} blocks, more than its {5} bytes can hold; it is damaged.",
    "{1} 声明有 {2} × {3} 像素、{4} 个数据块,超出其 {5} 字节所能容纳,文件已损坏。",
  ],
  [
    "{1} has blocks of {2} × {3} × {4} samples, too large to decode; rewrite it with gdal_translate -of COG.",
    "{1} 的数据块为 {2} × {3} × {4} 个样本,太大而无法解码;请用 gdal_translate -of COG 重写。",
  ],
  [
    "{1} lists {2} of its {3} blocks; it is truncated or damaged, copy it again.",
    "{1} 的 {3} 个数据块中只列出 {2} 个,文件被截断或损坏;请重新复制。",
  ],
  [
    "{1} is truncated: it ends at byte {2} before its pixels do; copy it again.",
    "{1} 被截断:在第 {2} 字节处结束,像素不完整;请重新复制。",
  ],
  [
    "{1} has no georeference; add one, for example gdal_translate -a_srs EPSG:n -a_ullr W N E S in.tif out.tif, or put its .aux.xml beside it.",
    "{1} 没有地理参考;请添加,例如 gdal_translate -a_srs EPSG:n -a_ullr W N E S in.tif out.tif,或把它的 .aux.xml 放在旁边。",
  ],
  [
    "{1} names no CRS; add one, for example gdal_translate -a_srs EPSG:32650 in.tif out.tif.",
    "{1} 没有坐标系;请添加,例如 gdal_translate -a_srs EPSG:32650 in.tif out.tif。",
  ],
  [
    "{1} is rotated or sheared against its CRS; make it north-up with gdalwarp in.tif out.tif.",
    "{1} 相对其坐标系有旋转或错切;请用 gdalwarp in.tif out.tif 转为正北朝上。",
  ],
  [
    "{1} is placed by ground control points; warp it with gdalwarp first.",
    "{1} 由地面控制点定位;请先用 gdalwarp 校正。",
  ],
  [
    "{1} has the pixel size {2} × {3}; mend it with gdal_translate -a_ullr.",
    "{1} 的像素大小为 {2} × {3};请用 gdal_translate -a_ullr 修正。",
  ],
  [
    "The mask {1} has {2} × {3} pixels, its image {4} × {5}; make it again or remove it.",
    "掩膜 {1} 为 {2} × {3} 像素,而影像为 {4} × {5};请重新生成或移除。",
  ],
  [
    "{1} has {2}-bit {3} samples, which cannot be read; convert it with gdal_translate -ot Byte or -ot UInt16.",
    "{1} 的样本为 {2} 位 {3},无法读取;请用 gdal_translate -ot Byte 或 -ot UInt16 转换。",
  ],
  [
    "{1} lies outside the world in its CRS {2}; check its georeference.",
    "{1} 在其坐标系 {2} 中位于地球之外;请检查地理参考。",
  ],
  [
    "{1} has {2} bands, but {3} in this workspace has {4}; give the file another name.",
    "{1} 有 {2} 个波段,而此工作区的 {3} 有 {4} 个;请给文件另取名称。",
  ],
  ["{1} cannot be decoded ({2}); it may be damaged, copy it again.", "无法解码 {1}({2}),可能已损坏;请重新复制。"],
  [
    "The embeddings {1} must be tiled again in {2}, the CRS of the imagery, but the file is gone; put it back or ingest into a new workspace.",
    "嵌入 {1} 须按影像的坐标系 {2} 重新分块,但文件已不在;请放回文件或导入到新的工作区。",
  ],
  // Layers and detections.
  ["The geometry of {1} is no GeoJSON geometry; mend or remove it.", "{1} 的几何不是 GeoJSON 几何;请修正或移除。"],
  [
    "The geometry of {1} has no coordinates where {2} needs them; mend or remove it.",
    "{1} 的几何缺少 {2} 所需的坐标;请修正或移除。",
  ],
  [
    "The geometry of {1} has a coordinate that is not a finite number; mend or remove it.",
    "{1} 的几何中有坐标不是有限的数;请修正或移除。",
  ],
  [
    'The geometry of {1} has the position {2}, {3}, which is outside longitude ±180 and latitude ±90: the file seems to be in metres; convert it to WGS84 (ogr2ogr -t_srs EPSG:4326) or name its CRS in a "crs" member.',
    "{1} 的几何中有位置 {2}, {3},超出经度 ±180、纬度 ±90,文件似乎以米为单位;请转为 WGS84(ogr2ogr -t_srs EPSG:4326),或在“crs”成员中写明坐标系。",
  ],
  ["The geometry of {1} has a {2} positions; mend or remove it.", "{1} 的几何中有环或线的位置太少;请修正或移除。"],
  [
    "The geometry of {1} has a ring that does not close; repeat its first position at its end.",
    "{1} 的几何中有环没有闭合;请在末尾重复第一个位置。",
  ],
  [
    "The geometry of {1} has coordinates that its CRS cannot convert; mend or remove it.",
    "{1} 的几何中有坐标无法由其坐标系转换;请修正或移除。",
  ],
  [
    "The geometry of {1} is no point, line or polygon of finite numbers (polygons: rings of four or more positions); mend or remove it.",
    "{1} 的几何不是由有限数构成的点、线或面(面的环至少四个位置);请修正或移除。",
  ],
  [
    "Feature {1} of {2} has the confidence {3}; it must be a number from 0 to 1.",
    "{2} 第 {1} 个要素的置信度为 {3};须为 0 到 1 的数。",
  ],
  [
    "Feature {1} of {2} has the date {3}; it must be a day as YYYY-MM-DD.",
    "{2} 第 {1} 个要素的日期为 {3};须写作 YYYY-MM-DD。",
  ],
  [
    "{1} holds no .txt label files; give DOTA's labelTxt folder.",
    "{1} 中没有 .txt 标注文件;请给出 DOTA 的 labelTxt 文件夹。",
  ],
  [
    "Line {1} of {2} is no DOTA label (eight coordinates, a class, a difficulty); mend or remove it.",
    "{2} 第 {1} 行不是 DOTA 标注(八个坐标、类别、难度);请修正或移除。",
  ],
  [
    "Line {1} of {2} has the confidence {3}, which is not between 0 and 1; mend it.",
    "{2} 第 {1} 行的置信度为 {3},不在 0 和 1 之间;请修正。",
  ],
  [
    "{1} states the gsd {2}; give the metres of a pixel, a number above 0.",
    "{1} 写明的 gsd 为 {2};请给出每像素的米数,须大于 0。",
  ],
  ["The property {1} of {2} is not right ({3}); mend or remove it.", "{2} 的属性 {1} 有误({3});请修正或移除。"],
  [
    'The {1} is of the concept "{2}", which is not in the ontology; rename or remove it.',
    "{1} 的概念“{2}”不在本体中;请改名或移除。",
  ],
  ["{1} is empty (0 bytes); export it again.", "{1} 是空文件(0 字节);请重新导出。"],
  [
    "{1} is not a readable shapefile; convert it with ogr2ogr -f GeoJSON.",
    "{1} 不是可读的 shapefile;请用 ogr2ogr -f GeoJSON 转换。",
  ],
  ["Line {1} of {2} is not JSON; mend or remove it.", "{2} 第 {1} 行不是 JSON;请修正或移除。"],
  [
    "{1} is not valid JSON ({2}); NaN is not a JSON number, export the file again.",
    "{1} 不是有效的 JSON({2});NaN 不是 JSON 的数,请重新导出。",
  ],
  [
    "{1} ends in the middle of its JSON; it is truncated, copy it again.",
    "{1} 的 JSON 中途结束,文件被截断;请重新复制。",
  ],
  [
    "{1} is no GeoJSON FeatureCollection or Feature; convert it with ogr2ogr -f GeoJSON.",
    "{1} 不是 GeoJSON 的 FeatureCollection 或 Feature;请用 ogr2ogr -f GeoJSON 转换。",
  ],
  [
    '{1} names the CRS "{2}", which is not known; convert it with ogr2ogr -t_srs EPSG:4326.',
    "不认识 {1} 中的坐标系“{2}”;请用 ogr2ogr -t_srs EPSG:4326 转换。",
  ],
  ["The {1} is no GeoJSON Feature; mend or remove it.", "{1} 不是 GeoJSON 要素;请修正或移除。"],
  [
    "{1} is not a readable GeoPackage; convert it with ogr2ogr -f GeoJSON.",
    "{1} 不是可读的 GeoPackage;请用 ogr2ogr -f GeoJSON 转换。",
  ],
  [
    "A geometry in table {1} cannot be read; convert the file with ogr2ogr -f GeoJSON.",
    "表 {1} 中有几何无法读取;请用 ogr2ogr -f GeoJSON 转换该文件。",
  ],
  ["{1} is packed by a method that is not read; zip it with deflate.", "{1} 的压缩方法无法读取;请用 deflate 压缩。"],
  ["{1} unpacks to more than 4 GB; give a GeoPackage instead.", "{1} 解压后超过 4 GB;请改用 GeoPackage。"],
  ["{1} is a damaged zip archive; zip it again.", "{1} 是损坏的 zip 压缩包;请重新压缩。"],
  ["{1} is a truncated zip archive; zip it again.", "{1} 是被截断的 zip 压缩包;请重新压缩。"],
  [
    "{1} holds no shapefile (.shp); zip the .shp together with its .dbf, .shx and .prj.",
    "{1} 中没有 shapefile(.shp);请把 .shp 与其 .dbf、.shx、.prj 一起压缩。",
  ],
  ["{1} is not a zip archive, or is truncated; zip it again.", "{1} 不是 zip 压缩包,或被截断;请重新压缩。"],
  [
    "{1} is a zip archive of a kind that is not read (ZIP64 or over 10,000 files); zip fewer files.",
    "{1} 是无法读取的 zip 压缩包(ZIP64 或超过 10,000 个文件);请减少文件后压缩。",
  ],
  ["{1} is encrypted; zip it without a password.", "{1} 已加密;请不设密码压缩。"],
  // Knowledge.
  [
    "{1} has no column with a name; give a mapping as {2}@mapping.yaml.",
    "{1} 没有名称列;请以 {2}@mapping.yaml 给出映射。",
  ],
  ["{1} is not JSON; write one landmark a line.", "{1} 不是 JSON;请每行写一个地标。"],
  ['{1} has a bad "{2}" ({3}); mend it.', "{1} 的“{2}”有误({3});请修正。"],
  ["{1} is not valid JSON after record {2}; export it again.", "{1} 在第 {2} 条记录之后不是有效的 JSON;请重新导出。"],
  ["{1} ends in the middle of its JSON; copy it again.", "{1} 的 JSON 中途结束;请重新复制。"],
  [
    "{1} lies at longitude {2} and latitude {3}, which is nowhere; give degrees of WGS84, perhaps the two are exchanged.",
    "{1} 的经度 {2}、纬度 {3} 不存在;请给出 WGS84 的度数,两者也许写反了。",
  ],
  [
    "The mapping {1} cannot be read as YAML; check the path and its lines.",
    "无法按 YAML 读取映射 {1};请检查路径和各行。",
  ],
  [
    'The mapping {1} has a bad "{2}"; map columns to {3} or facts.KEY.',
    "映射 {1} 的“{2}”有误;请把列对应到 {3} 或 facts.KEY。",
  ],
  ['{1} has the {2} "{3}", which is no number; mend it.', "{1} 的 {2} 为“{3}”,不是数;请修正。"],
  [
    "The header of {1} names a column twice; give every column its own name.",
    "{1} 的表头有重复的列名;请让每列名称不同。",
  ],
  [
    'Line {1} of {2} has {3} cells, its header {4}; put text that holds "{5}" in quotes.',
    "{2} 第 {1} 行有 {3} 个单元格,而表头有 {4} 个;含有“{5}”的文字请加引号。",
  ],
  ["{1} holds no lines; export it again.", "{1} 没有内容行;请重新导出。"],
  ["Line {1} of {2} opens a quote that does not end; close it.", "{2} 第 {1} 行的引号没有闭合;请补上。"],
  // Notes of an ingest.
  [
    "{1}: {2} of {3} features fit no concept of the ontology or have no geometry, and were left out.",
    "{1}:{3} 个要素中有 {2} 个不属于本体中的概念或没有几何,已略去。",
  ],
  [
    "{1} landmarks without a position took that of the one place of the map with their name.",
    "{1} 个没有位置的地标采用了地图上同名唯一地点的位置。",
  ],
  [
    "{1} has no bands that are known to be {2}, and was left out of {3}; name its bands with gdal_edit.py or leave the model out.",
    "{1} 中没有已知为 {2} 的波段,未用于 {3};请用 gdal_edit.py 为波段命名,或不使用该模型。",
  ],
  ["{1} holds no features.", "{1} 中没有要素。"],
  ["{1}: taken as of {2}, from its name.", "{1}:按文件名视为 {2} 的影像。"],
  ["The tiles of {1} are encoded by {2} already.", "{1} 的图块已由 {2} 编码。"],
  [
    "{1} is not there any more; its features are converted to {2} as they are stored.",
    "{1} 已不在;其要素按存储的内容转换到 {2}。",
  ],
  [
    "The image {1} of landmark {2} cannot be read, and is left out; check the path.",
    "地标 {2} 的图片 {1} 无法读取,已略去;请检查路径。",
  ],
  // The workspace.
  [
    "The workspace holds nothing yet; add imagery or layers to it first.",
    "工作区中还没有任何数据;请先添加影像或图层。",
  ],
  [
    "{1} is no Terralogue workspace; make one with: npm run --silent ingest -- --workspace {2} --image FILE.",
    "{1} 不是 Terralogue 工作区;请用 npm run --silent ingest -- --workspace {2} --image FILE 创建。",
  ],
  [
    "{1} is not a readable SQLite database; restore it or ingest into a new workspace.",
    "{1} 不是可读的 SQLite 数据库;请恢复它或导入到新的工作区。",
  ],
  [
    "{1} is a database of another program; nothing was changed in it: choose another folder for the workspace.",
    "{1} 是其他程序的数据库,未作任何改动;请为工作区另选文件夹。",
  ],
  [
    "{1} has schema version {2}, this Terralogue knows {3}; use a newer Terralogue or ingest into a new workspace.",
    "{1} 的结构版本为 {2},此 Terralogue 只认识 {3};请使用更新的 Terralogue 或导入到新的工作区。",
  ],
  [
    "The vectors of {1} have {2} and, at tile {3}, {4} dimensions; ingest their source into a new workspace.",
    "{1} 的向量为 {2} 维,而图块 {3} 处为 {4} 维;请把其来源导入到新的工作区。",
  ],
  ["There are no vectors of {1} to search; there are those of {2}.", "没有可搜索的 {1} 向量;现有 {2} 的向量。"],
  [
    "The query has {1} dimensions, the vectors of {2} have {3}; encode it with {4}.",
    "查询为 {1} 维,{2} 的向量为 {3} 维;请用 {4} 编码。",
  ],
  [
    "The workspace holds no embedding raster; add one with ingest --embeddings FILE@YEAR, or search the space image.",
    "工作区中没有嵌入栅格;请用 ingest --embeddings FILE@YEAR 添加,或改搜影像空间。",
  ],
  [
    "The workspace holds no imagery; add some with ingest --image FILE.",
    "工作区中没有影像;请用 ingest --image FILE 添加。",
  ],
];

const PATTERNS = SENTENCES.map(([english, chinese]) => ({
  pattern: new RegExp(`^${english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\d+\}/g, "([^]*?)")}$`),
  chinese,
}));

/** A sentence of the service in Chinese; null for one that is not in the list. */
export function chineseSentence(sentence: string): string | null {
  for (const { pattern, chinese } of PATTERNS) {
    const found = pattern.exec(sentence);
    if (found) return chinese.replace(/\{(\d+)\}/g, (_, slot) => found[Number(slot)] ?? "");
  }
  return null;
}
