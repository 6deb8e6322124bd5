"""Question to answer: retrieve, prompt, models, citations, the assistant as a LangChain Runnable, and its wiring."""
