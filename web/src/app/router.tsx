import {
    createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet, redirect,
} from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { campaignStates, deliveryStates, deviceStatuses, jobStates } from '@/api/schema'
import { hasSession } from '@/api/client'
import { onOtherTabs } from '@/api/other-tabs'
import { sessionQuery } from '@/api/session'
import { Toasts } from '@/components/toasts'
import { nouns } from '@/features/audit/nouns'
import { loadAllWords } from '@/lib/i18n/text'
import { followAccount } from '@/lib/locale-choice'
import { parseRangeSearch } from '@/lib/range-search'
import { dayOf, oneOf, parseSearch, safeNext, stringifySearch, wordOf } from '@/lib/search-params'
import { Broken, Forbidden, NotFound, Suspended } from './error-pages'
import { leave } from './leaving'
import { mayUse } from './permissions'
import { queryClient } from './query-client'
import { Shell } from './shell'

interface RouterContext { queryClient: QueryClient }

/** A page that needs more words than the first ones do. */
const laterPage: typeof lazyRouteComponent = (load, name) =>
    lazyRouteComponent(async () => (await Promise.all([load(), loadAllWords()]))[0], name)

/** What was done is said on the page that it leads to, with or without a session. */
const Root = () => <><Outlet /><Toasts /></>

const root = createRootRouteWithContext<RouterContext>()({
    component: Root, notFoundComponent: NotFound, errorComponent: Broken,
})

const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({ next: safeNext(search['next']) }),
    component: lazyRouteComponent(() => import('@/features/auth/sign-in-page'), 'SignInPage'),
})

const outside = (path: '/forgot-password' | '/reset-password' | '/confirm-email' | '/accept-invitation' | '/recover', component: ReturnType<typeof lazyRouteComponent>) =>
    createRoute({ getParentRoute: () => root, path, component })

const companySignIn = {
    getParentRoute: () => root,
    validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({ next: safeNext(search['next']) }),
    component: laterPage(() => import('@/features/auth/company-sign-in-page'), 'CompanySignInPage'),
}
const withCompany = createRoute({ ...companySignIn, path: '/sign-in/with' })
const withThisCompany = createRoute({ ...companySignIn, path: '/sign-in/with/$name' })
const returned = createRoute({
    getParentRoute: () => root,
    path: '/sign-in/returned',
    component: laterPage(() => import('@/features/auth/returned-page'), 'ReturnedPage'),
})

const forgotPassword = outside('/forgot-password', laterPage(() => import('@/features/auth/forgot-password-page'), 'ForgotPasswordPage'))
const resetPassword = outside('/reset-password', laterPage(() => import('@/features/auth/reset-password-page'), 'ResetPasswordPage'))
const confirmEmail = outside('/confirm-email', laterPage(() => import('@/features/auth/confirm-email-page'), 'ConfirmEmailPage'))
const acceptInvitation = outside('/accept-invitation', laterPage(() => import('@/features/auth/accept-invitation-page'), 'AcceptInvitationPage'))

const recover = outside('/recover', laterPage(() => import('@/features/auth/recover-page'), 'RecoverPage'))

const shell = createRoute({
    getParentRoute: () => root,
    id: 'shell',
    beforeLoad: async ({ context, location }) => {
        const session = await context.queryClient.ensureQueryData(sessionQuery)
        if (!session) {
            const next = location.href === '/' ? undefined : location.href
            throw redirect({ to: '/sign-in', search: next ? { next } : {} })
        }
        await followAccount(session.user.locale)
        return { session }
    },
    component: Shell,
    errorComponent: Broken,
})

/** Nobody loads a page that their role may not use; the reason is shown instead. */
function guarded(place: string, page: ReturnType<typeof lazyRouteComponent>) {
    const Guarded = () => {
        const { session } = shell.useRouteContext()
        const Page = page
        // Nothing may be seen there until they have one, and there it is added.
        if ((session.second_factor_missing || session.staff_second_factor_missing) && !mayUse(session, place)) return <Navigate to="/settings/security" replace />
        if (mayUse(session, place)) return <Page />
        return session.company_suspended ? <Suspended /> : <Forbidden />
    }
    return Object.assign(Guarded, { preload: page.preload })
}

const home = createRoute({
    getParentRoute: () => shell,
    path: '/',
    component: lazyRouteComponent(() => import('./home-page'), 'HomePage'),
})

const campaigns = createRoute({
    getParentRoute: () => shell,
    path: '/campaigns',
    validateSearch: (search: Record<string, unknown>) => ({
        ...oneOf(search, 'state', campaignStates), ...wordOf(search, 'q'), ...oneOf(search, 'open', ['new']),
    }),
    component: guarded('/campaigns', lazyRouteComponent(() => import('@/features/campaigns/list-page'), 'CampaignListPage')),
})

const mapMetrics = ['visits', 'ots', 'lts', 'dwell'] as const

const campaign = createRoute({
    getParentRoute: () => shell,
    path: '/campaigns/$campaignId',
    validateSearch: (search: Record<string, unknown>) => ({
        ...parseRangeSearch(search),
        ...oneOf(search, 'compare', ['before']),
        ...oneOf(search, 'metric', mapMetrics),
        ...oneOf(search, 'layer', ['regions']),
        ...wordOf(search, 'set'),
        ...wordOf(search, 'region'),
        ...wordOf(search, 'at'),
        ...oneOf(search, 'open', ['edit', 'assign']),
    }),
    component: guarded('/campaigns', laterPage(() => import('./campaign-page'), 'CampaignPage')),
})

const map = createRoute({
    getParentRoute: () => shell,
    path: '/map',
    component: guarded('/map', laterPage(() => import('@/features/measurements/vehicles-page'), 'VehiclesPage')),
})

const assets = createRoute({
    getParentRoute: () => shell,
    path: '/assets',
    validateSearch: (search: Record<string, unknown>) => ({
        ...oneOf(search, 'kind', ['vehicle', 'billboard']), ...wordOf(search, 'q'), ...oneOf(search, 'open', ['new']),
    }),
    component: guarded('/assets', laterPage(() => import('@/features/assets/list-page'), 'AssetListPage')),
})

const asset = createRoute({
    getParentRoute: () => shell,
    path: '/assets/$assetId',
    validateSearch: (search: Record<string, unknown>) => oneOf(search, 'open', ['edit', 'face']),
    component: guarded('/assets', laterPage(() => import('@/features/assets/asset-page'), 'AssetPage')),
})

const devices = createRoute({
    getParentRoute: () => shell,
    path: '/devices',
    validateSearch: (search: Record<string, unknown>) => ({
        ...oneOf(search, 'status', deviceStatuses), ...wordOf(search, 'q'), ...oneOf(search, 'open', ['new']),
    }),
    component: guarded('/devices', laterPage(() => import('@/features/devices/list-page'), 'DeviceListPage')),
})

const device = createRoute({
    getParentRoute: () => shell,
    path: '/devices/$deviceId',
    validateSearch: (search: Record<string, unknown>) => oneOf(search, 'open', ['attach', 'calibrate', 'edit']),
    component: guarded('/devices', laterPage(() => import('@/features/devices/device-page'), 'DevicePage')),
})

const companies = createRoute({
    getParentRoute: () => shell,
    path: '/companies',
    validateSearch: (search: Record<string, unknown>) => ({ ...oneOf(search, 'open', ['new']), ...wordOf(search, 'company') }),
    component: guarded('/companies', laterPage(() => import('@/features/companies/list-page'), 'CompanyListPage')),
})

const people = createRoute({
    getParentRoute: () => shell,
    path: '/people',
    validateSearch: (search: Record<string, unknown>) => wordOf(search, 'person'),
    component: guarded('/people', laterPage(() => import('@/features/auth/people-page'), 'PeoplePage')),
})

const deviceModels = createRoute({
    getParentRoute: () => shell,
    path: '/device-models',
    validateSearch: (search: Record<string, unknown>) => ({ ...oneOf(search, 'open', ['new']), ...wordOf(search, 'model') }),
    component: guarded('/device-models', laterPage(() => import('@/features/devices/model-list-page'), 'ModelListPage')),
})

const jobs = createRoute({
    getParentRoute: () => shell,
    path: '/jobs',
    validateSearch: (search: Record<string, unknown>) => ({
        ...oneOf(search, 'state', jobStates), ...wordOf(search, 'kind'), ...wordOf(search, 'company'), ...wordOf(search, 'job'),
    }),
    component: guarded('/jobs', laterPage(() => import('@/features/monitoring/jobs-page'), 'JobsPage')),
})

const settings = createRoute({
    getParentRoute: () => shell,
    path: '/settings',
    validateSearch: (search: Record<string, unknown>) => oneOf(search, 'open', ['invite', 'key', 'provider']),
    component: guarded('/settings', laterPage(() => import('@/features/auth/settings-page'), 'SettingsPage')),
})

const audit = createRoute({
    getParentRoute: () => shell,
    path: '/audit',
    validateSearch: (search: Record<string, unknown>) => ({
        ...oneOf(search, 'noun', nouns), ...wordOf(search, 'action'), ...wordOf(search, 'actor'), ...oneOf(search, 'outcome', ['refused']), ...wordOf(search, 'q'), ...wordOf(search, 'company'),
        ...dayOf(search, 'from'), ...dayOf(search, 'to'), ...wordOf(search, 'event'),
    }),
    component: guarded('/audit', laterPage(() => import('@/features/audit/list-page'), 'AuditPage')),
})

const profile = createRoute({
    getParentRoute: () => shell,
    path: '/settings/profile',
    component: laterPage(() => import('@/features/auth/profile-page'), 'ProfilePage'),
})

const security = createRoute({
    getParentRoute: () => shell,
    path: '/settings/security',
    component: laterPage(() => import('@/features/auth/security-page'), 'SecurityPage'),
})

const notifications = createRoute({
    getParentRoute: () => shell,
    path: '/settings/notifications',
    component: laterPage(() => import('@/features/auth/notifications-page'), 'NotificationsPage'),
})

const rolesRoute = createRoute({
    getParentRoute: () => shell,
    path: '/settings/roles',
    component: laterPage(() => import('@/features/auth/roles-page'), 'RolesPage'),
})

const ownCompany = createRoute({
    getParentRoute: () => shell,
    path: '/settings/company',
    component: guarded('/settings/company', laterPage(() => import('@/features/companies/own-company-page'), 'OwnCompanyPage')),
})

const webhooks = createRoute({
    getParentRoute: () => shell,
    path: '/settings/webhooks',
    validateSearch: (search: Record<string, unknown>) => oneOf(search, 'open', ['new']),
    component: guarded('/settings/webhooks', laterPage(() => import('@/features/webhooks/list-page'), 'WebhookListPage')),
})

const webhook = createRoute({
    getParentRoute: () => shell,
    path: '/settings/webhooks/$webhookId',
    validateSearch: (search: Record<string, unknown>) => ({
        ...oneOf(search, 'state', deliveryStates), ...wordOf(search, 'type'), ...wordOf(search, 'delivery'), ...oneOf(search, 'open', ['edit', 'replay']),
    }),
    component: guarded('/settings/webhooks', laterPage(() => import('@/features/webhooks/webhook-page'), 'WebhookPage')),
})

// An address that leads nowhere keeps the frame around it, so that the way back is at hand.
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

const tree = root.addChildren([
    signIn, withCompany, withThisCompany, returned, forgotPassword, resetPassword, confirmEmail, acceptInvitation, recover,
    shell.addChildren([
        home, campaigns, campaign, map, assets, asset, devices, device, companies, people, jobs, deviceModels, audit,
        settings, profile, security, notifications, ownCompany, rolesRoute, webhooks, webhook, nowhere,
    ]),
])

export const router = createRouter({
    routeTree: tree,
    context: { queryClient },
    defaultPreload: 'intent',
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Broken,
})

window.addEventListener('mobilytics:signed-out', () => {
    const { href } = router.state.location
    void leave(router, queryClient, href === '/' ? undefined : href)
})
// Somebody else may be signed in there by now, or in another company: what is drawn here would be mixed with theirs.
onOtherTabs(() => {
    if (hasSession()) window.location.reload()
})

declare module '@tanstack/react-router' {
    interface Register { router: typeof router }
}
