// `node prefill.mjs`: streams a chat with limits on silence of 3 s in place of fetch's own 300 s, and prints the text.
import OpenAI from "openai";

const { MODEL: model, HELLO } = process.env;
await fetch("data:,"); // Loads fetch, whose HTTP client then is at hand.
const Agent = globalThis[Symbol.for("undici.globalDispatcher.1")].constructor;
const dispatcher = new Agent({ headersTimeout: 3000, bodyTimeout: 3000 });
const client = new OpenAI({ maxRetries: 0, fetchOptions: { dispatcher } });

try {
  let text = "";
  for await (const chunk of await client.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: HELLO }] })) {
    text += chunk.choices[0]?.delta?.content ?? "";
  }
  console.log(`answered: ${text}`);
} catch (error) {
  console.log(`failed: ${error.constructor.name}`);
}
