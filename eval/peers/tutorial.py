"""The tutorial pipeline: recursive splitter (1,000 characters, 200 overlap), sentence-transformers, Chroma."""

from __future__ import annotations

from importlib.metadata import version

from eval.peers.job import Built, Hit, Job, run


def build(job: Job) -> Built:
    """Split, encode at the defaults, add with the texts as the tutorials do."""
    import chromadb
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(job.model, device="cpu", local_files_only=True)
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    hits: list[Hit] = []
    texts: list[str] = []
    for source, text in job.texts().items():
        for chunk in splitter.create_documents([text]):
            start = chunk.metadata["start_index"]
            hits.append((source, start, start + len(chunk.page_content)))
            texts.append(chunk.page_content)
    collection = chromadb.EphemeralClient().create_collection(
        "tutorial", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    vectors = model.encode(texts, show_progress_bar=False)
    for at in range(0, len(texts), 5000):
        part = range(at, min(at + 5000, len(texts)))
        collection.add(
            ids=[str(i) for i in part], embeddings=vectors[part.start : part.stop], documents=[texts[i] for i in part]
        )

    def search(question: str) -> list[Hit]:
        vector = model.encode([question], show_progress_bar=False)
        found = collection.query(query_embeddings=vector, n_results=job.depth, include=["documents", "distances"])
        return [hits[int(i)] for i in found["ids"][0]]

    return Built(f"chromadb {version('chromadb')}", len(texts), search)


if __name__ == "__main__":
    run(build)
