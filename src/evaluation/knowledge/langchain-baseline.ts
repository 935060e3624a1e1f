import { BM25Retriever } from "@langchain/community/retrievers/bm25";
import { Document } from "@langchain/core/documents";
import type { KnowledgeStore } from "../../store/ports.ts";
import { indexWords } from "../../store/sqlite/knowledge.ts";

/**
 * LangChain's BM25 over the same passages with their landmarks' names, Chinese in pairs of characters as in our index. It lowers the
 * case of questions but not of documents and cuts at blanks alone, so both are given in lower case and without punctuation.
 */
export function langchainBm25(store: KnowledgeStore, limit: number) {
  const names = new Map(store.landmarks().map(({ id, name, aliases }) => [id, [name, ...aliases].join(" ")]));
  const documents = store
    .allPassages()
    .map(
      ({ landmarkId, text }) =>
        new Document({ pageContent: plainWords(`${names.get(landmarkId)} ${text}`), metadata: { landmarkId } }),
    );
  const retriever = BM25Retriever.fromDocuments(documents, { k: limit * 3, includeScore: false });
  return async (text: string): Promise<readonly string[]> => {
    const found = await retriever.invoke(plainWords(text));
    return [...new Set(found.map(({ metadata }) => String(metadata.landmarkId)))].slice(0, limit);
  };
}

const plainWords = (text: string) =>
  indexWords(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
