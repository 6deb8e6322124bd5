"""Haystack's hybrid retrieval: BM25 and embeddings from its in-memory store, joined by reciprocal rank fusion.

The splitter is at its default (200 words); the pipeline is that of Haystack's tutorial on hybrid retrieval, without the
ranking model that the tutorial puts behind it.
"""

from __future__ import annotations

from importlib.metadata import version

from eval.peers.job import Built, Hit, Job, run


def build(job: Job) -> Built:
    """Split, embed, write, and wire both retrievers."""
    from haystack import Document, Pipeline  # type: ignore[import-not-found]
    from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
    from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
    from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # type: ignore[import-not-found]
    from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found]
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    documents = [Document(content=text, meta={"source": source}) for source, text in job.texts().items()]
    chunks = DocumentSplitter().run(documents=documents)["documents"]
    embedder = SentenceTransformersDocumentEmbedder(model=job.model, progress_bar=False, local_files_only=True)
    embedder.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(embedder.run(chunks)["documents"])
    text_embedder = SentenceTransformersTextEmbedder(model=job.model, progress_bar=False, local_files_only=True)
    pipeline = Pipeline()
    pipeline.add_component("embedder", text_embedder)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=job.depth))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=job.depth))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=job.depth))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("words", "joiner")

    def search(question: str) -> list[Hit]:
        found = pipeline.run({"embedder": {"text": question}, "words": {"query": question}})["joiner"]["documents"]
        places = [(chunk.meta["source"], chunk.meta["split_idx_start"], len(chunk.content)) for chunk in found]
        return [(source, start, start + length) for source, start, length in places]

    return Built(f"haystack-ai {version('haystack-ai')}", len(chunks), search)


if __name__ == "__main__":
    run(build)
