"""The language models: a file a provider, each with `build(settings, name, embedder) -> BaseChatModel`."""
