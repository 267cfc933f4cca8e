// The cookie is one for all tabs of the browser: who signs in, signs out or changes company in one does so in all.
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('mobilytics.session')

export const tellOtherTabs = () => channel?.postMessage('changed')
export const onOtherTabs = (listener: () => void) => channel?.addEventListener('message', listener)
