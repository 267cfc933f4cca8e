// The messages that may be on screen before the rest of the words is there: the frame, signing in, the list of campaigns,
// and what goes wrong. A name that ends in a dot stands for all ids below it. The test beside this file holds it against
// the code.
const first = [
    'action.', 'assets.edit', 'assets.kind.', 'assets.new', 'auth.', 'campaigns.', 'devices.edit', 'devices.new',
    'devices.state.', 'devices.status.', 'error.', 'factor.code', 'factor.code.', 'fault.', 'filter.', 'home.', 'menu.', 'nav.',
    'palette.', 'problem.', 'profile.title', 'security.title', 'state.', 'theme.', 'webhooks.title',
]

export const isFirstWord = (id: string) => first.some((name) => (name.endsWith('.') ? id.startsWith(name) : id === name))
