// `node client.mjs OPERATION`: does one thing with the openai package and prints the result as JSON.
// The package takes OPENAI_BASE_URL and OPENAI_API_KEY from the environment, Node.js takes NODE_EXTRA_CA_CERTS.
import OpenAI from "openai";

const { MODEL: model, HELLO, WEATHER, TOOL_NAME, TOOL_SCHEMA } = process.env;
// Without retries unless asked: a test of an error wants to see the first answer.
const client = new OpenAI({ maxRetries: Number(process.env.MAX_RETRIES ?? 0) });
const hello = { model, messages: [{ role: "user", content: HELLO }] };

const operations = {
  async listModels() {
    return (await client.models.list()).data.map((listed) => listed.id);
  },

  async chat() {
    return (await client.chat.completions.create(hello)).choices[0].message.content;
  },

  async streamChat() {
    const pieces = [];
    for await (const chunk of await client.chat.completions.create({ ...hello, stream: true })) {
      pieces.push(chunk.choices[0]?.delta?.content ?? "");
    }
    return pieces.filter(Boolean);
  },

  // Streamed: the package puts the pieces of the arguments together.
  async callTool() {
    const tool = { type: "function", function: { name: TOOL_NAME, parameters: JSON.parse(TOOL_SCHEMA) } };
    const stream = client.chat.completions.stream({ model, messages: [{ role: "user", content: WEATHER }], tools: [tool] });
    const { finish_reason, message } = (await stream.finalChatCompletion()).choices[0];
    if (finish_reason !== "tool_calls") throw new Error(`finish_reason is ${finish_reason}`);
    return message.tool_calls[0].function;
  },

  async embed() {
    return (await client.embeddings.create({ model, input: HELLO })).data[0].embedding;
  },

  async respond() {
    return (await client.responses.create({ model, input: HELLO })).output_text;
  },

  async streamResponse() {
    const pieces = [];
    for await (const event of await client.responses.create({ model, input: HELLO, stream: true })) {
      if (event.type === "response.output_text.delta") pieces.push(event.delta);
    }
    return pieces;
  },

  async fail() {
    try {
      await client.chat.completions.create(hello);
    } catch (error) {
      return { name: error.constructor.name, status: error.status };
    }
    throw new Error("It did not fail.");
  },
};

console.log(JSON.stringify(await operations[process.argv[2]]()));
