"""langsmith 0.15.0 with langgraph 1.2.22, langchain 1.4.7, langchain-openai 1.7.3 (sdk 1.45.2).

LangSmith's own OTLP exporter (LANGSMITH_TRACING_MODE=otel). A graph whose supervisor goes to an
agent by Command; a node that interrupts for a human and is resumed; a node that fails.
"""

import os
from contextlib import suppress

os.environ |= {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_TRACING_MODE": "otel",
    "LANGSMITH_API_KEY": "none",
    "LANGSMITH_PROJECT": "capture",
    "OTEL_SERVICE_NAME": "langgraph_langsmith",
}

from langchain.agents import create_agent
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, interrupt
from langsmith.run_trees import get_cached_client
from model_server import model_server
from opentelemetry import trace
from receiver import receiving


@tool
def search_docs(query: str) -> str:
    """Search the documents."""
    return "policy: 30 days refunds"


def supervisor(_: MessagesState) -> Command[str]:
    return Command(goto="research")


def review(_: MessagesState) -> dict[str, object]:
    return {"messages": [("user", interrupt("approve?"))]}


def publish(_: MessagesState) -> dict[str, object]:
    raise PermissionError("publish API returned 403")


def main() -> None:
    with receiving("langgraph_langsmith") as endpoint, model_server() as base_url:
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint
        model = ChatOpenAI(model="gpt-fake-chat", base_url=base_url, api_key="none", stream_usage=True)
        call = 'call search_docs {"query":"refunds"}'
        researcher = create_agent(
            model, [search_docs], name="researcher",
            system_prompt=f"Research. SCRIPT: {call}; say policy: 30 days refunds",
        )  # fmt: skip
        graph = StateGraph(MessagesState)
        graph.add_node("supervisor", supervisor, destinations=("research",))
        graph.add_node("research", researcher)
        graph.add_node("review", review)
        graph.add_node("publish", publish)
        graph.add_edge(START, "supervisor")
        graph.add_edge("research", "review")
        graph.add_edge("review", "publish")
        graph.add_edge("publish", END)
        compiled = graph.compile(checkpointer=InMemorySaver(), name="article_graph")
        config: RunnableConfig = {
            "configurable": {"thread_id": "thread-9"},
            "metadata": {"user_id": "u-1"},
        }
        for given in ({"messages": [("user", "refund policy?")]}, Command(resume="yes")):
            with suppress(PermissionError):  # publish fails as scripted
                compiled.invoke(given, config)
        client = get_cached_client()
        client.flush()
        trace.get_tracer_provider().force_flush()


main()
