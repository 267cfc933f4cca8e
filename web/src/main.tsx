import './app/styles.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider as AriaI18nProvider } from 'react-aria-components'
import { queryClient } from './app/query-client'
import { router } from './app/router'
import { activate, useLocale } from './lib/i18n/text'
import { chosenLocale } from './lib/locale-choice'
import { applyTheme, themeChoice } from './lib/theme'

function AriaLocale({ children }: { children: ReactNode }) {
    return <AriaI18nProvider locale={useLocale()}>{children}</AriaI18nProvider>
}

applyTheme(themeChoice())
await activate(chosenLocale())
createRoot(document.getElementById('root')!).render(
    <StrictMode>
        <I18nProvider i18n={i18n}>
            <AriaLocale>
                <QueryClientProvider client={queryClient}>
                    <RouterProvider router={router} />
                </QueryClientProvider>
            </AriaLocale>
        </I18nProvider>
    </StrictMode>,
)
