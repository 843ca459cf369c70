"""What a file is by its first bytes, and why what is no picture of ours is refused. Names and declared types are not asked."""

from __future__ import annotations

from geo.errors import Problem

HEAD_BYTES = 512
TAKEN = ("JPEG", "PNG", "WEBP")
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
WANTED = Problem(zh="JPEG、PNG 或 WebP", en="JPEG, PNG or WebP")

HEIC = Problem(
    zh="HEIC 照片暂不能读取（其解码库的许可不允许随本系统分发）；请在手机相机设置中选“兼容性最佳”，或导出为 JPEG",
    en="HEIC photos cannot be read (licences of its decoders do not let us ship one); set the camera to 'most compatible' or export as JPEG",
)
PDF = Problem(
    zh="PDF 图纸请先把所需页面导出为 PNG 或 JPEG 再上传",
    en="please export the page of the PDF drawing as PNG or JPEG and send that",
)
SVG = Problem(
    zh="SVG 可能含有脚本，不予接收；请导出为 PNG", en="SVG may hold scripts and is not taken; export it as PNG"
)
OTHER = Problem(zh="不是可接收的图片格式", en="this is not a picture format we take")
EMPTY = Problem(zh="文件是空的（0 字节）", en="the file is empty (0 bytes)")


def format_of(head: bytes) -> str | None:
    """'JPEG', 'PNG' or 'WEBP' by the first bytes; None for everything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return None


def refusal_of(head: bytes) -> Problem | None:
    """Why a file that begins like this is not taken; None when it is."""
    if not head:
        return EMPTY
    if format_of(head):
        return None
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"):
        return HEIC
    if head.lstrip().startswith(b"%PDF"):
        return PDF
    if b"<svg" in head.lower():
        return SVG
    return OTHER
