// Sends one run as the Vercel AI SDK traces it, by the stock OTLP/HTTP JSON exporter.
import { trace, context } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "storefront" }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
const tracer = provider.getTracer("ai");
const attributes = { "ai.telemetry.functionId": "coordinator", "resource.name": "coordinator" };
const outer = tracer.startSpan("ai.generateText", { attributes: { ...attributes, "ai.operationId": "ai.generateText" } });
const inner = tracer.startSpan(
  "ai.generateText.doGenerate",
  {
    attributes: {
      "ai.operationId": "ai.generateText.doGenerate",
      "ai.model.id": "fake",
      "ai.response.finishReason": "stop",
      "ai.usage.outputTokens": 5,
    },
  },
  trace.setSpan(context.active(), outer),
);
inner.end();
outer.end();
await provider.shutdown();
console.log(JSON.stringify({ traceId: outer.spanContext().traceId }));
