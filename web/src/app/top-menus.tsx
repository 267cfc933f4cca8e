import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { Building2, CircleUserRound, Languages, SunMoon } from 'lucide-react'
import { call, isSignedOut, rememberSession } from '@/api/client'
import { tellOtherTabs } from '@/api/other-tabs'
import { sessionQuery } from '@/api/session'
import type { Session } from '@/api/schema'
import { MoreMenu } from '@/components/menu'
import { problemText } from '@/components/states'
import { toast } from '@/components/toasts'
import { locales, useLocale, useText } from '@/lib/i18n/text'
import { chooseLocale, languageNames } from '@/lib/locale-choice'
import { chooseTheme, themeChoices, useThemeChoice } from '@/lib/theme'
import { useSignOut } from './sign-out'

function LanguageMenu() {
    const text = useText()
    const locale = useLocale()
    return (
        <MoreMenu
            label={text('menu.language', { name: languageNames[locale] })}
            trigger={<><Languages size={16} aria-hidden /><span className="max-sm:sr-only">{languageNames[locale]}</span></>}
            actions={locales.map((id) => ({ id, label: languageNames[id], onAction: () => void chooseLocale(id).catch(() => toast(text('error.offline.title'), 'bad')) }))}
        />
    )
}

function ThemeMenu() {
    const text = useText()
    const choice = useThemeChoice()
    return (
        <MoreMenu
            label={text('menu.theme', { name: text(`theme.${choice}`) })}
            trigger={<SunMoon size={16} aria-hidden />}
            actions={themeChoices.map((id) => ({ id, label: text(`theme.${id}`), onAction: () => chooseTheme(id) }))}
        />
    )
}

/** Whoever signs out without a connection is led to a page that must be there by then. */
const fetchWayOut = () => void import('@/features/auth/sign-in-page').catch(() => undefined)

function CompanyMenu({ session }: { session: Session }) {
    const text = useText()
    const client = useQueryClient()
    const router = useRouter()
    const locale = useLocale()
    if (!session.company) return null
    const name = session.company.name
    if (session.companies.length < 2) {
        return <span className="truncate px-1.5 text-sm text-ink-soft">{name}</span>
    }
    const switchTo = async (companyId: string) => {
        const next = await call('POST /v1/sessions/current/company', { body: { company_id: companyId } })
        rememberSession(next)
        client.clear()
        client.setQueryData(sessionQuery.queryKey, next)
        tellOtherTabs()
        await router.navigate({ to: '/' })
        await router.invalidate()
    }
    // Who is signed out is led to the sign-in page, which needs no words.
    const refused = (error: unknown) => {
        if (!isSignedOut(error)) toast(problemText(error, text, locale).detail, 'bad')
    }
    return (
        <MoreMenu
            label={text('menu.company', { name })}
            trigger={<><Building2 size={16} aria-hidden /><span className="max-w-40 truncate">{name}</span></>}
            actions={session.companies.map((company) => ({
                id: company.id, label: company.name, onAction: () => void switchTo(company.id).catch(refused),
            }))}
        />
    )
}

/** What the top bar offers: company, language, theme and account. Fetched after the page, which does not need it. */
export default function TopMenus({ session }: { session: Session }) {
    const text = useText()
    const navigate = useNavigate()
    const signOut = useSignOut()
    return (
        <>
            <CompanyMenu session={session} />
            <LanguageMenu />
            <ThemeMenu />
            <MoreMenu
                label={text('menu.account', { name: session.user.name })}
                trigger={<CircleUserRound size={18} aria-hidden />}
                onOpen={fetchWayOut}
                actions={[
                    { id: 'profile', label: text('profile.title'), onAction: () => void navigate({ to: '/settings/profile' }) },
                    { id: 'security', label: text('security.title'), onAction: () => void navigate({ to: '/settings/security' }) },
                    { id: 'out', label: text('auth.sign_out'), onAction: () => void signOut() },
                ]}
            />
        </>
    )
}
