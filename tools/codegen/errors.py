"""The errors of code generation; each message names the place in the spec."""


class CodegenError(Exception):
    """Something that stops generation; its text is one line for the user."""


class SpecError(CodegenError):
    """A spec that an emitter does not understand.

    Attributes:
        place: file and path, such as ``vint.ksy:/seq/0/type``.
        message: what is wrong there.
    """

    def __init__(self, place: str, message: str) -> None:
        self.place = place
        self.message = message
        super().__init__(f"{place}: {message}")
