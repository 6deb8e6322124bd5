"""LlamaIndex at its defaults: its sentence splitter (1,024 tokens), its vector index in memory, nearest first."""

from __future__ import annotations

from importlib.metadata import version

from eval.peers.job import Built, Hit, Job, run


def build(job: Job) -> Built:
    """Split, embed and index as the starter tutorial does, with a local embedding model."""
    from llama_index.core import Document, VectorStoreIndex  # type: ignore[import-not-found]
    from llama_index.core.node_parser import SentenceSplitter  # type: ignore[import-not-found]
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-not-found]

    documents = [Document(text=text, metadata={"source": source}) for source, text in job.texts().items()]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    index = VectorStoreIndex(nodes, embed_model=HuggingFaceEmbedding(model_name=job.model, device="cpu"))
    retriever = index.as_retriever(similarity_top_k=job.depth)

    def search(question: str) -> list[Hit]:
        found = [item.node for item in retriever.retrieve(question)]
        return [(node.metadata["source"], node.start_char_idx, node.end_char_idx) for node in found]

    return Built(f"llama-index-core {version('llama-index-core')}", len(nodes), search)


if __name__ == "__main__":
    run(build)
