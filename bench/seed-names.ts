/** Enough different names that a fragment may be rare or frequent, as among real customers. */
const words = (text: string) => text.trim().split(/\s+/)

export const firstNames =
  words(`Anna Ben Clara David Emma Felix Greta Hans Ida Jonas Klara Leon Maria Noah Olga Paul
  Rosa Simon Tessa Uwe Vera Walter Xenia Yann Zoe Marco Lucia Pedro Sofia Diego Carmen Hugo Elena Ivan Nadia Omar`)
export const syllables =
  words(`ber man sch lin kow ski hof mei ler dor fen gar hal jan kel lam mor nis ost pet qui
  ros sel tan ulm vos wes xer yor zim bar cas del fer gon her iba jor lop mar nun ort per ruz san tor vil zal`)
export const chineseNames = words(`王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 梁`)
export const chineseGiven =
  words(`伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀 霞 平 刚 桂 英 华 玉 兰 红
  文 建 国 志 海 燕 云 梅 春 雪 龙 鹏 辉 鑫 宇 晨 佳 欣 怡 梓 涵 子 轩`)
export const japaneseFamilies = words(
  `佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 松本 井上 木村 清水`,
)
export const japaneseGiven = words(
  `さくら 陽菜 結衣 大翔 蓮 翔太 美咲 ひなた 葵 悠真 直樹 恵子 健一 あかり 拓也 真央`,
)
