/** Characters that are not seen or turn the order of what is seen: controls, zero widths, bidirectional marks, tags, variation selectors. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]+/gu;
const TAG = /<\s*\/?\s*[a-zA-Z!?][^<>]{0,2000}>/g;
const OPEN_TAG = /<(?=\s*[/a-zA-Z!?])/g;
const MARKDOWN_LINK = /!?\[(?!\d+\])((?:[^[\]]|\[[^[\]]*\]){0,400})\]\([^()]{0,2000}(?:\([^()]*\)[^()]*)*\)/g;
const REFERENCE_LINK = /!?\[(?!\d+\])([^[\]]{1,400})\] ?\[[^[\]\d][^[\]]{0,200}\]/g;
const REFERENCE = /^\s*\[[^[\]\n]{1,200}\]:\s*\S+.*$/gm;
const ADDRESS =
  /(?:\b(?:https?|hxxps?|ftp|file|data|javascript|vbscript|mailto|tel|sms|wss?|blob|about)\s*:\s*(?=[/\\\w"'%+]))[^\s<>"'“”‘’，。；、！？（）【】]*/giu;
const EMAIL = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/g;
const HOST =
  /(?:\bwww\.[\w.-]+|(?<![\p{L}\p{N}.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|io|cn|dev|app|info|biz|xyz|top|ru|example|test|invalid|local|onion|ai|sh|link|click|site|online))\b(?::\d+)?(?:[/?#][^\s<>"'“”，。；、！？（）]*)?/giu;
const PUNYCODE = /\bxn--[\w.-]+/gi;

/**
 * Text from data, from a person or from a model, as nothing but text: no HTML, markdown, addresses, and no characters that are not
 * seen. Line breaks stay; “#1” and “[1]”, which replies use, stay.
 */
export function withoutMarkup(text: string): string {
  let rest = text.replace(UNSEEN, (run) =>
    run.includes("\n") ? run.replace(/[^\n]/g, "") : /[\t\r]/.test(run) ? " " : "",
  );
  // What is left after one removal may be markup again: "<scr<b>ipt>".
  for (let pass = 0; pass < 4; pass += 1) {
    const before = rest;
    rest = rest
      .replace(REFERENCE, "")
      .replace(MARKDOWN_LINK, "$1")
      .replace(REFERENCE_LINK, "$1")
      .replace(TAG, "")
      .replace(ADDRESS, "")
      .replace(EMAIL, "")
      .replace(HOST, "")
      .replace(PUNYCODE, "");
    if (rest === before) break;
  }
  return (
    rest
      .replace(OPEN_TAG, "")
      // Marks with which language models part messages.
      .replace(/<\|[^<>|]{0,40}\|?>|<\||\|>/g, "")
      // A link that is cut off in its address is none, but what is joined to it later must not make one of it.
      .replace(/(?<!\[\d{1,3})\]\(/g, "] (")
      .replace(/`+|~~+|\*\*+|(?<![\p{L}\p{N}])__+|__+(?![\p{L}\p{N}])/gu, "")
      .replace(/^[ \t]{0,3}(?:#{1,6}[ \t]+|>+[ \t]*|(?:[-*_][ \t]*){3,}$)/gm, "")
      .replace(/[ \t]{2,}/g, " ")
  );
}

/** Whether a text holds more than words: a link, an address, HTML. Signs of emphasis alone do not count. */
export function hasMarkup(text: string): boolean {
  const letters = (words: string) => words.replace(/[^\p{L}\p{N}]+/gu, "");
  return letters(withoutMarkup(text)) !== letters(text);
}

/** Words longer than this were not meant to be read. */
const MOST_CHARACTERS = 2000;

/** One line of text from data or from a person: without markup, cut where it is overlong. */
export function plainLine(text: string, most = MOST_CHARACTERS): string {
  const line = withoutMarkup(text.slice(0, 4 * most))
    .replace(/\s+/g, " ")
    .trim();
  return line.length > most ? `${line.slice(0, most).trimEnd()}…` : line;
}
