import type { ReactNode } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'

const raised = 'appear rounded-md border border-line bg-raised shadow-lg shadow-(color:--shadow)'

/** A small explanation that opens beside the thing it explains. */
export function Explain({ label, title, trigger, children }: {
    label: string; title: string; trigger: ReactNode; children: ReactNode
}) {
    return (
        <DialogTrigger>
            <AriaButton
                aria-label={label}
                className="inline-flex size-6 cursor-pointer items-center justify-center rounded-full text-ink-faint hover:bg-hover hover:text-ink"
            >
                {trigger}
            </AriaButton>
            <Popover placement="bottom start" className={`${raised} max-w-[min(92vw,400px)]`}>
                <Dialog className="p-4 outline-none">
                    <Heading slot="title" className="mb-2 text-base font-semibold">{title}</Heading>
                    {children}
                </Dialog>
            </Popover>
        </DialogTrigger>
    )
}
