import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../test/cpu-time.ts'
import { harmlessStyle } from './css.ts'
import { htmlCaps, sanitiseMail } from './html.ts'
import { textOfHtml } from './html-text.ts'

/** What a browser could run, fetch or leave by, whatever it stands in: asked of the output, which is always well formed. */
function dangers(html: string) {
  const tags = html.match(/<[^>]*>/g) ?? []
  const elements = tags.filter(tag =>
    /^<\/?(script|style|iframe|object|embed|form|input|button|svg|math|meta|base|link|template|noscript|xmp|textarea|select|audio|video|frame|frameset|applet|title|plaintext|listing|isindex|portal|dialog|details|summary|html|head|body|!|\?)/i.test(
      tag,
    ),
  )
  const attributes = tags.filter(tag =>
    /\s(on\w+|src|srcset|srcdoc|background|poster|action|formaction|xlink:href|data|name|ping|lowsrc|dynsrc|is|slot|http-equiv)\s*=/i.test(
      tag.replace(/"[^"]*"/g, '""'),
    ),
  )
  // One after the other, as a browser does: what looks like an attribute may stand in the value of one.
  const values = (wanted: string) =>
    tags.flatMap(tag =>
      [...tag.matchAll(/\s([a-z-]+)(?:="([^"]*)")?/g)]
        .filter(([, name]) => name === wanted)
        .map(([, , value]) => value!),
    )
  const links = values('href')
  const styles = values('style')
  return [
    ...elements,
    ...attributes,
    ...links.filter(href => !/^(https?:\/\/|mailto:|tel:)/.test(href)),
    ...styles.filter(style =>
      /url|expression|import|behavior|binding|position|javascript|@|\\|\/\*/i.test(style),
    ),
    ...tags.filter(tag => !/^<\/?[a-z][a-z0-9]*(\s+[a-z-]+(="[^"<>]*")?)*\s*\/?>$/.test(tag)),
  ]
}

const vectors = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//x.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<script>alert(1)//<</script>',
  '<script/x>alert(1)</script>',
  '<script\x00>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" ONERROR = "alert(1)">',
  '<img/src=x/onerror=alert(1)>',
  '<img src=x\nonerror\n=\nalert(1)>',
  '<img """><script>alert(1)</script>">',
  '<img src=javascript:alert(1)>',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<img src=`javascript:alert(1)`>',
  '<img srcset="x 1x, javascript:alert(1) 2x">',
  '<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>',
  '<img data-remote-src="javascript:alert(1)" data-cid="&quot; onerror=alert(1)">',
  '<img src="cid:&quot; onerror=&quot;alert(1)">',
  '<img src="cid:%22%3E%3Cscript%3Ealert(1)%3C/script%3E">',
  '<img src="https://x.example/&quot;onload=&quot;alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java&#10;script:alert(1)">x</a>',
  '<a href="&#106;&#97;vascript&colon;alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="\u200bjavascript:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
  '<a href="javascript:alert(1)//http://x.example">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="//x.example">x</a>',
  '<a href="/api/conversations">x</a>',
  '<a href="https:javascript:alert(1)">x</a>',
  '<a href="http://x.example" onclick="alert(1)" style="position:fixed;top:0">x</a>',
  '<a target="_self" rel="opener" href="https://x.example">x</a>',
  '<a xlink:href="javascript:alert(1)">x</a>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>',
  '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
  '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
  '<title><p title="</title><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<plaintext><script>alert(1)</script>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src="javascript:alert(1)">',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="javascript:alert(1)">',
  '<applet code="x"></applet>',
  '<form action="https://x.example"><input name=password><button formaction="javascript:alert(1)">x</button></form>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<html manifest="x"><head><base href="https://x.example/"></head>',
  '<base href="javascript:alert(1)//">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href="https://x.example/x.css">',
  '<style>@import "https://x.example/x.css"; body{background:url(https://x.example)}</style>',
  '<div style="background:url(https://x.example/t.gif)">x</div>',
  '<div style="background:u\\72l(https://x.example/t.gif)">x</div>',
  '<div style="background:u/**/rl(https://x.example/t.gif)">x</div>',
  '<div style="background-image:image-set(\'https://x.example/a.png\' 1x)">x</div>',
  '<div style="width:expression(alert(1))">x</div>',
  '<div style="width:e\\0078pression(alert(1))">x</div>',
  '<div style="-moz-binding:url(//x.example/x.xml)">x</div>',
  '<div style="behavior:url(x.htc)">x</div>',
  '<div style="position:fixed;top:0;left:0;width:100%;height:100%">x</div>',
  '<div style="color:red;}</style><script>alert(1)</script>">x</div>',
  '<div style="font-family:\'a&quot;onload=alert(1)\'">x</div>',
  '<table background="https://x.example/t.gif"><td background="javascript:alert(1)">x</table>',
  '<!--[if IE]><script>alert(1)</script><![endif]-->',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--a--!><img src=x onerror=alert(1)>',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
  '<?php echo 1 ?><img src=x onerror=alert(1)>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<p title="&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</p>',
  '<div id="x"><div name="y" is="z" slot="a">x</div>',
  '<img name=getElementById><form id=document><input name=cookie>',
  '<font color="red" onmouseover=alert(1) face="x&quot; onclick=&quot;alert(1)">x</font>',
  '<font size="7" color="expression(alert(1))">x</font>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<keygen autofocus onfocus=alert(1)>',
  '<x onclick=alert(1)>x</x>',
  '<a href="https://x.example/&#x22;&#x20;onclick=&#x22;alert(1)">x</a>',
  '<p/onclick=alert(1)>x',
  '<img src="https://x.example/a.gif" alt="<script>alert(1)</script>">',
  '<td><style></td><img src=x onerror=alert(1)></style>',
  '<a href="tel:1&#34;onclick=&#34;alert(1)">x</a>',
]

describe('HTML of a stranger', () => {
  test.each(vectors)('%s', vector => {
    for (const html of [vector, `<div>${vector}</div>`, `<table><tr><td>${vector}`]) {
      const safe = sanitiseMail(html)!
      expect(dangers(safe)).toEqual([])
      // What is safe stays as it is: nothing in it means something else the second time.
      expect(dangers(sanitiseMail(safe)!)).toEqual([])
    }
  })

  test('any two of these, one in the other, are no worse', () => {
    const piece = fc.constantFrom(...vectors)
    fc.assert(
      fc.property(piece, piece, fc.nat(200), (one, other, at) => {
        const mixed = one.slice(0, at % one.length) + other + one.slice(at % one.length)
        expect(dangers(sanitiseMail(mixed)!)).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  test('the test would see what is dangerous', () => {
    const seen = [
      '<script>',
      '<img src="x">',
      '<p onclick="a()">',
      '<a href="javascript:x">',
      '<p style="position:fixed">',
      '<p style="a:url(x)">',
    ]
    for (const html of seen) expect(dangers(html)).not.toEqual([])
  })
})

describe('HTML of a mail', () => {
  test('keeps tables, fonts, colours and widths', () => {
    const html =
      '<table width="600" cellpadding="0" bgcolor="#ffffff" style="border-collapse:collapse;width:600px"><tbody><tr><td align="center" colspan="2"><font color="#333333" size="2" face="Arial">Hi</font> <b>there</b></td></tr></tbody></table>'
    expect(sanitiseMail(html)).toBe(html)
  })

  test('opens links elsewhere and tells nobody from where', () => {
    expect(sanitiseMail('<a href="https://shop.example/?a=1&amp;b=2" class="x">x</a>')).toBe(
      '<a href="https://shop.example/?a=1&amp;b=2" class="x" rel="noopener noreferrer" target="_blank">x</a>',
    )
    expect(sanitiseMail('<a href="/there">x</a>')).toBe('<a>x</a>')
  })

  test("holds pictures back: the mail's own by content id, others by address", () => {
    expect(sanitiseMail('<img src="cid:a%40b" width="10" alt="logo">')).toBe(
      '<img width="10" alt="logo" data-cid="a@b" />',
    )
    expect(sanitiseMail('<img src="http://x.example/p.gif">')).toBe(
      '<img data-remote-src="http://x.example/p.gif" />',
    )
    expect(sanitiseMail('<img src="//x.example/p.gif">')).toBe(
      '<img data-remote-src="https://x.example/p.gif" />',
    )
    expect(sanitiseMail('<img src="data:image/png;base64,AAAA">')).toBe('<img />')
  })

  test('drops style sheets and what is not text', () => {
    expect(sanitiseMail('<head><title>t</title><style>p{}</style></head><p>Hi</p>')).toBe('<p>Hi</p>')
  })

  test('keeps the marks by which quotes are found', () => {
    const html =
      '<div class="gmail_quote"><blockquote type="cite" class="x">a</blockquote></div><div id="divRplyFwdMsg">b</div>'
    expect(sanitiseMail(html)).toBe(html)
  })

  test.each([
    ['too long', 'x'.repeat(htmlCaps.mostCharacters + 1)],
    ['too deep', '<div>'.repeat(300)],
    ['too deep with what is dropped', '<x>'.repeat(300)],
    ['of too many elements', '<br>'.repeat(60_000)],
  ])('%s is null', (_, html) => {
    expect(sanitiseMail(html)).toBeNull()
  })

  test('that takes too long is null', () => {
    const html = '<p style="color:red">x</p>'.repeat(5_000)
    expect(sanitiseMail(html)).not.toBeNull()
    expect(sanitiseMail(html, { ...htmlCaps, budgetMs: -1 })).toBeNull()
  })

  const shapes: Record<string, (n: number) => string> = {
    'tags that never close': n => '<b'.repeat(n),
    'ends without beginnings': n => '</p>'.repeat(n),
    attributes: n => `<p ${'a="b" '.repeat(n)}>`,
    comments: n => '<!--'.repeat(n),
    entities: n => '&amp;&#x41;&foo'.repeat(n),
    styles: n => `<p style="${'color:red;'.repeat(n)}">`,
    quotes: n => `<p title='${'"<'.repeat(n)}`,
    links: n => `<a href="${'java\n'.repeat(n)}">`,
    'raw text': n => `<style>${'</styl'.repeat(n)}`,
    'paragraphs in links': n => '<a href="https://x.example"><p>'.repeat(n / 100),
  }
  test.each(Object.entries(shapes))('takes time in proportion to its %s', (_, shape) => {
    const time = (html: string) =>
      cpuTime(() => {
        sanitiseMail(html)
        textOfHtml(html)
      })
    const short = time(shape(10_000))
    expect(time(shape(40_000))).toBeLessThan(30 + 12 * short)
  })
})

describe('styles', () => {
  test.each([
    ['color: red; COLOR:#fff', 'color:red;color:#fff'],
    [
      "font-family:'Microsoft YaHei', 微软雅黑; font-size:14px",
      "font-family:'Microsoft YaHei', 微软雅黑;font-size:14px",
    ],
    ['background:rgb(1, 2, 3)', 'background:rgb(1, 2, 3)'],
    ['margin-top:-50px; margin:0 -3px; margin:0 auto', 'margin:0 auto'],
    ['position:absolute; z-index:9; top:0; opacity:0', ''],
    ['background:url(x)', ''],
    ['color:red !important', 'color:red !important'],
    ['color:var(--x)', ''],
    ["color:'red", ''],
    ['mso-line-height-rule:exactly', ''],
    ['', ''],
  ])('%s', (style, kept) => {
    expect(harmlessStyle(style)).toBe(kept)
  })
})

describe('the text of HTML', () => {
  test.each([
    ['<p>One</p><p>Two<br>Three</p>', 'One\n\nTwo\nThree'],
    ['<div>One</div><div>Two</div>', 'One\nTwo'],
    ['<div>One<div>Two</div></div>', 'One\nTwo'],
    ['a <b>b</b>\n  c&nbsp;d', 'a b c d'],
    ['<ul><li>One</li><li>Two</li></ul>', '- One\n- Two'],
    [
      '<p>Yes</p><blockquote><p>No?</p><p>Really?</p></blockquote><p>End</p>',
      'Yes\n\n> No?\n>\n> Really?\n\nEnd',
    ],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['<style>p{}</style><script>x</script>Hi', 'Hi'],
    ['a &lt;b&gt; &amp;amp; &#8364; &unknown;', 'a <b> &amp; € &unknown;'],
    ['1 < 2 <3', '1 < 2 <3'],
    ['<img alt="Logo" src="x">', '[Logo]'],
    ['<a title="a > b">x</a>', 'x'],
    ['<!-- c -->x<!-- never', 'x'],
    ['', ''],
  ])('%s', (html, text) => {
    expect(textOfHtml(html)).toBe(text)
  })
})
