/** Python on the server in the place of the browser's worker: the same messages over /ws/pages. */

const OPENS_WITHIN = 8000  // ms

/** The address of one of the server's WebSockets. */
export function socketUrl(path) {
  const url = new URL(path, document.baseURI)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}

/** What BokehJS would hand over as memory crosses as text. */
const replaced = (_, value) => typeof value?.to_base64 === 'function' ? value.to_base64() : value

export class RemoteWorker {
  /** `onmessage` and `postMessage` are a Worker's; `onlost(code)` is called once it is gone.
   * `key`: this person's secret, by which the server knows who has the controls. */
  constructor(key) {
    this.onmessage = this.onlost = () => {}
    this.socket = new WebSocket(socketUrl('ws/pages'))
    this.socket.onmessage = ({ data }) => {
      clearTimeout(this.timer)
      const message = JSON.parse(data)
      if (message.type === 'refused') { this.onrefused(message); return }
      if (message.type === 'patch') message.buffers = new Map()  // everything is in the patch
      this.onmessage({ data: message })
    }
    this.socket.onopen = () => this.postMessage({ type: 'visitor', key })
    this.socket.onclose = ({ code }) => this.lost(code)
    this.timer = setTimeout(() => this.socket.close(), OPENS_WITHIN)
  }

  postMessage(message) { this.socket.send(JSON.stringify(message, replaced)) }

  lost(code) {
    clearTimeout(this.timer)
    if (!this.ended) this.onlost(code)
    this.ended = true
  }

  terminate() {
    this.ended = true
    clearTimeout(this.timer)
    this.socket.close()
  }
}
