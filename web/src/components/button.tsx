import { createLink, type LinkComponent } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { Button as AriaButton, Tooltip, TooltipTrigger, type ButtonProps as AriaProps } from 'react-aria-components'

type Kind = 'primary' | 'plain' | 'quiet' | 'danger'

const shared = 'inline-flex h-8 pointer-coarse:h-10 items-center justify-center gap-1.5 rounded-md px-3 text-sm ' +
    'font-medium whitespace-nowrap transition-opacity cursor-pointer disabled:cursor-default disabled:opacity-50 ' +
    'data-[disabled]:cursor-default data-[disabled]:opacity-50'
const kinds: Record<Kind, string> = {
    primary: 'bg-accent text-on-accent hover:bg-accent-strong',
    plain: 'border border-line-strong bg-surface text-ink hover:bg-hover',
    quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
    danger: 'border border-bad bg-surface text-bad hover:bg-bad-wash',
}
export const buttonClass = (kind: Kind = 'plain') => `${shared} ${kinds[kind]}`

export interface ButtonProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
    kind?: Kind
    children: ReactNode
}

export function Button({ kind = 'plain', ...rest }: ButtonProps) {
    return <AriaButton {...rest} className={buttonClass(kind)} />
}

export interface IconButtonProps extends Omit<AriaProps, 'className' | 'style' | 'children' | 'aria-label'> {
    label: string
    children: ReactNode
}

/** A button with an icon alone; its words are the accessible name and a tooltip. */
export function IconButton({ label, children, ...rest }: IconButtonProps) {
    return (
        <TooltipTrigger delay={400} closeDelay={50}>
            <AriaButton
                {...rest}
                aria-label={label}
                className="inline-flex size-8 pointer-coarse:size-10 cursor-pointer items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink data-[disabled]:opacity-50"
            >
                {children}
            </AriaButton>
            <Tooltip
                offset={6}
                className="appear rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-lg"
            >
                {label}
            </Tooltip>
        </TooltipTrigger>
    )
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> { kind?: Kind }
const Anchor = ({ kind = 'plain', ...rest }: AnchorProps) => <a {...rest} className={buttonClass(kind)} />
const CreatedLink = createLink(Anchor)

/** A link to a page of ours that looks like a button. */
export const LinkButton: LinkComponent<typeof Anchor> = (props) => <CreatedLink preload="intent" {...props} />
