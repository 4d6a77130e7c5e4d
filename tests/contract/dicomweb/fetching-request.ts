/** As much of a browser's XMLHttpRequest as `dicomweb-client` uses, by `fetch`, binary answers too. */
export class FetchingRequest {
  responseType = "";
  readyState = 0;
  status = 0;
  response: unknown = null;
  onreadystatechange: (() => void) | null = null;
  #method = "GET";
  #url = "";
  readonly #headers = new Headers();
  #answered = new Headers();

  open(method: string, url: string): void {
    this.#method = method.toUpperCase();
    this.#url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value);
  }
  getResponseHeader(name: string): string | null {
    return this.#answered.get(name);
  }
  getAllResponseHeaders(): string {
    return [...this.#answered].map(([name, value]) => `${name}: ${value}`).join("\r\n");
  }
  send(body?: BodyInit): void {
    void this.#run(body);
  }
  async #run(body: BodyInit | undefined): Promise<void> {
    try {
      const answer = await fetch(this.#url, {
        method: this.#method,
        headers: this.#headers,
        ...(body === undefined ? {} : { body }),
      });
      this.#answered = answer.headers;
      const bytes = await answer.arrayBuffer();
      const text = () => new TextDecoder().decode(bytes);
      this.response =
        this.responseType === "json"
          ? JSON.parse(text())
          : this.responseType === "arraybuffer"
            ? bytes
            : text();
      this.status = answer.status;
    } catch {
      this.status = 0;
    }
    this.readyState = 4;
    this.onreadystatechange?.();
  }
}
