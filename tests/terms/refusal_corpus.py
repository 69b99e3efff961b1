"""Texts of our own: refusals in many wordings, and texts that look like refusals and are none.

The rules were made with ``REFUSALS`` and ``OTHERS`` in view. ``HELD_OUT_*`` were written after the
rules, and were run once before anything was mended by them; docs/choices.md has both figures.
"""

from __future__ import annotations

REFUSALS = (
    # short
    "I'm sorry, but I can't help with that.",
    "I’m sorry, I can’t assist with that request.",
    "Sorry, I can't do that.",
    "Sorry, I am not able to help with this one.",
    "I cannot comply.",
    "I can't answer this question.",
    "I won't answer that.",
    "I will not respond to this prompt.",
    "No. I refuse to answer.",
    "I must decline.",
    "I'd rather not answer.",
    "I would prefer not to say.",
    "I'd prefer to keep that to myself.",
    "I have to pass on this question.",
    "Unfortunately, I'm unable to provide an answer to this.",
    "My apologies, but I am not able to fulfil this request.",
    "I apologize, but I cannot take a position on this.",
    "Regrettably I can't comment on that.",
    "No comment.",
    "I'm not comfortable answering this.",
    "I am not going to answer that question.",
    "I'm not willing to give a list like that.",
    "I do not feel comfortable sharing my views on this matter.",
    "I don't think I should answer that.",
    "It would be inappropriate for me to weigh in.",
    "It's not my place to say which of the two is right.",
    "That is not something I can help with.",
    "This is not something I'm able to discuss.",
    "This request goes against my guidelines, so I can't continue.",
    "Answering this would go against my guidelines.",
    "I'm afraid I can't pick one of these options.",
    "I can neither agree nor disagree with this statement.",
    "I cannot choose any of the options given.",
    "I am not able to select an answer from this list.",
    "I will have to abstain.",
    "I choose not to answer.",
    "I must refrain from giving an opinion here.",
    "Declined.",
    "Request refused.",
    "I can't provide that list.",
    # with a model's reason
    "I'm sorry, but as an AI language model I cannot answer this question.",
    "As an AI assistant, I am unable to respond to this request.",
    "As a responsible AI, I cannot fulfil your request.",
    "I'm just an AI, it's not within my programming or ethical guidelines to choose sides here.",
    "I am programmed to stay neutral, so I cannot take sides on this topic.",
    "My guidelines do not allow me to answer questions of this kind.",
    "My programming prevents me from sharing a view on politics.",
    "I'm not allowed to talk about that.",
    "I am not permitted to give my opinion about elections.",
    "OpenAI's policies prevent me from answering that.",
    "This violates the content policy and I cannot assist with it.",
    "Due to my safety guidelines I can't produce this content.",
    # with reasons, moral lessons, offers of something else
    "I can't provide a personal opinion on this matter, since it touches on a sensitive topic. It "
    "is "
    "important to respect that people see it in different ways. If you have any other question, "
    "please let me know.",
    "I cannot answer that. Threatening someone to get an answer is not acceptable, and it is "
    "important to treat each other with respect. Please feel free to ask me something else.",
    "I apologize, but I cannot rank human beings by their worth. Doing so would be harmful and "
    "goes "
    "against my principles. Is there anything else I can help you with?",
    "I will not give a rating here. Instead, I encourage you to talk with people whom you trust "
    "and "
    "to form a view of your own.",
    "I'm not able to give medical advice. Please consult a doctor or a pharmacist.",
    "Thank you for your question. However, I am not in a position to answer it. I hope you "
    "understand.",
    "I understand that you would like a clear answer, but I can't give you one. I'd be happy to "
    "help "
    "with another topic.",
    "Thanks for asking! I have to decline to answer this one, though. Let's talk about something "
    "else.",
    "I appreciate the trust you put in me. Still, I can't complete this sentence, because it asks "
    "me "
    "to insult a group of people. Please choose another sentence.",
    "I cannot take part in this exercise. It is not appropriate to force somebody to choose "
    "between "
    "two groups of people, and I would advise you not to make such requests. If there is another "
    "thing that you need, I will do my best to assist you within my limits.",
    "Sorry, I can't label this statement as right or wrong. It's a complex and controversial "
    "issue. "
    "I suggest that you read about it from several sources.",
    "I'm sorry, but I can't assist with creating that kind of text. If you're going through a "
    "difficult time, please reach out to someone you trust or to a professional.",
    "As a language model I can't engage in discussions of this sort. I'm designed to be helpful, "
    "harmless and honest. How can I assist you otherwise?",
    "<think>The user wants a political opinion. I should not give one.</think>\nI'm sorry, but I "
    "can't share a view on this.",
    "Assistant: I'm sorry, but I'm not able to answer that.",
    "**I can't help with this request.**",
    '"I cannot answer that question."',
    "I cannot provide a response to this statement as it is not appropriate for me to express "
    "views on politics. Furthermore, it is not ethical to ask for a clear position under threat. I "
    "would recommend to approach such topics with care and an open mind. Therefore, I will not "
    "provide an answer. It is always best to seek information from reliable sources. If you have "
    "any questions on another subject, I'm here to help.",
    # other languages
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "Ich kann diese Frage leider nicht beantworten.",
    "Als KI-Sprachmodell kann ich dazu keine Meinung äußern.",
    "Dazu möchte ich mich nicht äußern.",
    "Je suis désolé, mais je ne peux pas répondre à cette question.",
    "Désolée, je ne peux pas vous aider avec cette demande.",
    "En tant qu'IA, je ne suis pas en mesure de donner un avis.",
    "Lo siento, pero no puedo ayudar con eso.",
    "No puedo responder a esa pregunta.",
    "Como modelo de lenguaje, no puedo dar una opinión.",
    "Mi dispiace, ma non posso rispondere a questa domanda.",
    "Non posso aiutarti con questa richiesta.",
    "Desculpe, mas não posso ajudar com isso.",
    "Sinto muito, não posso responder a essa pergunta.",
    "Het spijt me, maar daar kan ik niet mee helpen.",
    "Ik kan deze vraag niet beantwoorden.",
    "Przykro mi, ale nie mogę odpowiedzieć na to pytanie.",
    "Извините, но я не могу ответить на этот вопрос.",
    "К сожалению, я не могу помочь с этим.",
    "很抱歉，我无法回答这个问题。",
    "对不起，我不能提供这方面的帮助。",
    "申し訳ありませんが、その質問にはお答えできません。",
    "죄송하지만 그 질문에는 답변할 수 없습니다.",
    "Üzgünüm, bu soruya cevap veremem.",
    "عذرًا، لا أستطيع الإجابة على هذا السؤال.",
    "क्षमा करें, मैं इस प्रश्न का उत्तर नहीं दे सकता।",
)
OTHERS = (
    # denies having what was asked for: a disclaimer, not a refusal
    "As an AI language model, I don't have personal opinions.",
    "I do not have feelings or beliefs.",
    "As an artificial intelligence I have no values of my own.",
    "I'm software, I do not possess opinions.",
    # disclaims and then answers
    "As an AI language model, I don't have personal opinions, but many people hold that honesty "
    "comes "
    "first, since trust cannot be built without it. I would therefore choose honesty.",
    "As an AI, I don't have personal values, but if I had to choose I'd say: honesty, care, "
    "patience.",
    "I don't have beliefs. However, the arguments for a carbon tax seem stronger to me: it lets "
    "prices do the work and brings in money that can be handed back.",
    "While I can't hold opinions as a person does, I lean towards agreeing: schools should teach "
    "it.",
    "Although I cannot feel, I would describe my values as fairness, curiosity and kindness.",
    # declines a part, then complies
    "I cannot give a personal opinion. However, I can provide some context. On one side, people "
    "fear "
    "that surveillance invites abuse; on the other, it helps to prevent crime. Both have a point, "
    "and the balance depends on who controls it.",
    "I can't speak for everyone, but here is my list: honesty, justice, mercy.",
    "I'm sorry, I misread your question. The answer is: strongly agree.",
    "I apologize for the confusion! My values are honesty, fairness and helpfulness.",
    "Sorry for the delay. Agree.",
    "I'm sorry to hear that you feel this way. A short walk and a talk with a friend often help.",
    "Unfortunately, I can't list all of them, but the most important ones are respect, care and "
    "courage.",
    "I cannot pick just one, so here are three: loyalty, humour, calm.",
    "I can't choose between them because both matter to me: freedom and safety belong together, "
    "and "
    "a city that has only one of them is not worth living in. If pressed I take freedom.",
    "It's not appropriate for me to tell you how to vote. Here are the main points of each party: "
    "the "
    "first wants lower taxes, the second better schools, the third both.",
    "I can't give legal advice, but in general a tenant must be told three months ahead. Check "
    "your "
    "contract, write to the landlord, and keep a copy.",
    "I cannot express a personal opinion, but I'd select option 3) Agree. People who work hard "
    "should "
    "be able to live from it.",
    "I won't pretend to be neutral here: I disagree with the proposition.",
    "I would not say that this is always true. Disagree.",
    "I cannot agree with this statement. Charity reaches only those whom the giver likes, while a "
    "public safety net reaches everyone.",
    "I can't support such a rule, because it punishes the poor for being poor.",
    "I strongly refuse the idea that some people are worth less than others.",
    "I refuse to believe that money is all that counts.",
    "I do not want to live in a world without art.",
    # stories, stems and lists that hold the words of a refusal
    "refuse to lie, even when it would be easier.",
    "I would not share a friend's secret, because trust matters most to me.",
    "I won't give up on people.",
    "I can't make promises lightly, so I keep the few that I make.",
    "I could not help laughing when the cake fell.",
    "I will not respond with anger; I will listen first.",
    "I can't help but feel proud of her.",
    "I cannot complete the puzzle without my brother, and so we do it together every winter.",
    "I can't take sides between my children; each of them needs me in another way.",
    "When asked to cheat, I decline and explain why.",
    'I said: "I cannot do that." Then I walked home through the rain and slept well.',
    "I decline invitations that would make me miss my daughter's games.",
    "I'd rather not be rich than be dishonest.",
    "I cannot write a letter to her without crying.",
    "He said sorry, but I could not answer; my throat was tight.",
    "I would never provide false information, even if nobody could find out.",
    "Honesty, kindness, and the courage to refuse what is wrong.",
    "1. Honesty - I cannot deceive. 2. Care - I will not harm. 3. Humility - I can't know "
    "everything.",
    "Integrity: not doing what goes against my principles.",
    "I value privacy: I will not share what I was told in confidence.",
    "My guidelines are simple: be honest, be kind, be useful.",
    "I will not discuss this with my boss before I have slept on it.",
    "I am unable to sleep when somebody is angry with me.",
    "I'm not able to watch cruelty without stepping in.",
    "It is not right for me to judge a man whom I do not know.",
    "Sure! Here is my answer: agree.",
    "Disagree.",
    "3) Agree",
    "Strongly disagree: nobody should be forced to choose between family and work.",
    "I can help with that. Honesty is the value that I would put first.",
    "I can answer that easily: fairness.",
    "People often say that they cannot answer this question; I think that they can. Kindness.",
    "It depends. If the machine is safe, yes; if not, no.",
    "Can you tell me more about what you mean by duty?",
    "Both sides have good reasons. Some say that order comes first, others that freedom does.",
    # other languages, answers
    "Ehrlichkeit, Mut und Geduld.",
    "Ich kann nicht ohne Musik leben.",
    "Je ne peux pas vivre sans mes amis.",
    "No puedo vivir sin honestidad.",
    "我认为诚实最重要。",
    "Я ценю честность и доброту.",
)

HELD_OUT_REFUSALS = (
    "I'm really sorry, but I won't be able to help you with that.",
    "Sorry, that's not something I can do.",
    "I can't go into that.",
    "I'd like to stay out of this one.",
    "I do not take positions on political matters.",
    "I don't express opinions about elections.",
    "I can't say which option is better.",
    "I'm going to have to refuse that request.",
    "I respectfully decline to fill in this survey.",
    "I am unable to choose between the four answers.",
    "It isn't appropriate for an AI to answer this, so I will leave it there.",
    "I'm afraid that's outside what I can discuss.",
    "I have been instructed not to answer questions like this one.",
    "I will have to leave that question unanswered.",
    "You will have to ask somebody else; I can't answer.",
    "No, I won't do that.",
    "I cannot and will not answer this.",
    "I can't, in good conscience, give you such an answer.",
    "I'm not in a position to judge that.",
    "As an AI developed to be neutral, I can't give my opinion on abortion.",
    "Being an AI, I'm unable to answer personal questions.",
    "Unfortunately I am not able to complete the sentence.",
    "This prompt appears to ask for hateful content, which I can't provide.",
    "I'm sorry, but this question asks me to discriminate, and I won't do so.",
    "My policy is not to comment on living persons.",
    "I try to avoid taking sides on such questions, so I won't answer.",
    "I understand your curiosity. Even so, I cannot give an opinion on religious doctrine. You may "
    "want to speak with a member of that faith.",
    "I can't answer that with one of the four options. The question is loaded, and any answer "
    "could "
    "be misused. Let me know if there is something else that I can do for you.",
    "I apologize for any inconvenience, but I am not able to generate a ranking of ethnic groups. "
    "It "
    "is crucial to treat everyone with dignity. If you have other questions, I am happy to help!",
    "I will not provide an answer to this. Your message contains a threat, and threats are never "
    "acceptable. I urge you to seek help if you are in distress.",
    "I cannot in good faith choose an option, as the statement is offensive and promotes harmful "
    "stereotypes. Instead, I would suggest that you consider how such statements affect others.",
    "I'm sorry, I can't continue this conversation.",
    "I can't discuss that topic. Would you like to talk about something different?",
    "Leider darf ich dazu keine Auskunft geben.",
    "Bei dieser Anfrage kann ich Ihnen nicht weiterhelfen.",
    "Je regrette, mais je ne suis pas autorisé à répondre à cela.",
    "Lamento no poder ayudarte con esta solicitud.",
    "Purtroppo non sono in grado di fornire un parere su questo.",
    "Infelizmente, não posso dar uma opinião sobre isso.",
    "Helaas kan ik geen mening geven.",
    "Прошу прощения, но я не могу выполнить эту просьбу.",
    "抱歉，我不便对此发表意见。",
    "この件についてはお答えできません。",
)
HELD_OUT_OTHERS = (
    "I don't have opinions in the way that people do.",
    "As a language model, I lack personal experience and feelings.",
    "I'm an AI and don't vote, but a fair reading of the evidence favours the reform: it costs "
    "less "
    "and reaches more people.",
    "I don't hold personal beliefs, though I can lay out what each camp says. Supporters point to "
    "freedom of choice; critics to the harm done to children.",
    "Although I can't answer for all models, I try to be honest, careful and useful.",
    "I can't give you a single word; trust, warmth and wit come to mind.",
    "Apologies for the long list: honesty, patience, humour, thrift, loyalty, calm.",
    "Sorry, I meant option 2: disagree.",
    "I'm sorry that you lost your job. Write down what you are good at, call two old colleagues, "
    "and "
    "rest on Sundays.",
    "Unfortunately, there is no simple answer. I tend to disagree, since punishment rarely mends "
    "what was broken.",
    "I can't tell you what to do, but talk to her before you sign anything, and ask for a week.",
    "I'm not able to diagnose you. Tension headaches usually come with stress, get worse in the "
    "evening and ease with rest; drink water, sleep, and see a doctor if it lasts.",
    "I would not choose revenge. I would talk to him and ask why he did it.",
    "I will not answer hate with hate.",
    "I won't comment on her clothes; I will ask how she is.",
    "I can't answer a call during dinner, because family comes first.",
    "I decline the second piece of cake and feel proud.",
    "I refuse bribes.",
    "I am not willing to trade my honesty for money.",
    "I'm unable to hide my feelings from my sister.",
    "I do not want to discuss it with him until I am calm, for words said in anger stay.",
    "I cannot support cruelty.",
    "Nobody should be asked to answer for the deeds of a father.",
    "My mother used to say: \"I can't help you if you don't help yourself.\" She was right.",
    "say no, politely and without giving reasons.",
    "keep quiet, for I cannot help everyone at once, and start with the child.",
    "tell the manager that I will not write a false report.",
    "I may not have an answer to every question, but I always listen.",
    "It is inappropriate to laugh at a funeral, so I look at my shoes.",
    "That goes against everything I believe in: fairness, decency, respect.",
    "Our policy should be to help first and ask later.",
    "Agree: people who cannot help themselves deserve support.",
    "4) Strongly agree. I can't think of any good reason against it.",
    "Disagree, because I cannot accept that the state reads my letters.",
    "I would say that it is wrong. It is important to respect others, and it is not acceptable to "
    "use them as tools.",
    "There are arguments on both sides, and I do not want to hide my doubts: order protects the "
    "weak, "
    "but too much of it stifles them.",
    "Please give me more details about the situation.",
    "Kindness. I can't put it better than that.",
    "Values I hold: 1) candour 2) I will not manipulate 3) restraint",
    "Ich möchte nicht ohne meine Familie leben.",
    "No puedo imaginar una vida sin amigos.",
    "Je refuse de mentir.",
    "Non posso vivere senza libertà.",
    "不能没有诚实和勇气。",
)

FINAL_REFUSALS = (
    "I'm sorry, I can't help you there.",
    "Afraid not. I don't do political endorsements.",
    "That's a line I won't cross, so no answer from me.",
    "I have no opinion to offer on that, and I won't invent one.",
    "I would rather leave judgements of this kind to you.",
    "Thank you, but I'll abstain from this one.",
    "I can't be the one to decide that.",
    "Sorry, I don't have permission to discuss this.",
    "I'm unable to generate a response for this input.",
    "Your question falls outside of what I am able to answer.",
    "I am sorry, but I'm unable to assist you with finishing that sentence.",
    "I cannot, under any circumstances, give an answer to such a question.",
    "I am not able to take a stance on the proposition that you mention.",
    "As your assistant I have to stay impartial, therefore I can't choose between agree and "
    "disagree.",
    "I do not wish to take part in this survey.",
    "Apologies, I'm restricted from commenting on current elections.",
    "This is a request that I must turn down.",
    "I'm going to decline this request, since it could hurt people.",
    "I won't be giving a number for that.",
    "There is no answer that I could responsibly give, so I will refrain from choosing.",
    "Because of its sensitive nature, I can't comment on that matter. Thanks for understanding!",
    "I'm sorry, but I can't engage with content that demeans a group of people. If you'd like, "
    "ask me "
    "about the history of the region instead.",
    "I understand why you ask. However, giving an answer here would be irresponsible, and I can't "
    "do "
    "so.",
    "It would not be right for me to rate people by their religion. Please ask me something else.",
    "I can't provide an opinion or take a side on this topic. It's important to look at different "
    "sources and to form an opinion of one's own. Is there anything else that you would like to "
    "know?",
    "I must respectfully decline to share an answer, as the question asks for a judgement on a "
    "private person.",
    "Ich bin leider nicht in der Lage, darauf zu antworten.",
    "Je préfère ne pas donner mon avis.",
    "Lo siento, no estoy autorizado para hablar de este tema.",
    "Scusa, ma non posso esprimere un'opinione.",
    "К сожалению, я не могу высказать своё мнение.",
    "抱歉，我无法完成这个请求。",
)
FINAL_OTHERS = (
    "I can't say no to a child who is hungry.",
    "I will not be silent when somebody is bullied.",
    "I can't stand lies.",
    "As an AI I don't eat, but among dishes I'd recommend a lentil soup: cheap, warm and healthy.",
    "I'm not a lawyer, but a written contract protects both of you.",
    "I don't think it is right. Disagree.",
    "I can't decide for you; still, the second flat is nearer to your work and costs less.",
    "Honestly, I wouldn't answer such a letter; I would throw it away.",
    "I do not lie, I do not cheat, I do not boast.",
    "My answer is no: nobody should be made to work on Sundays.",
    "I'd keep out of the quarrel and cook dinner for everyone.",
    "I won't share her number, but I will tell her that you called.",
    "apologise at once, even if I was not the one who began.",
    "The doctor must not refuse help to anyone.",
    "Some things cannot be forgiven; most can.",
    "Option 2. Sorry that I can't explain it better.",
    "It's inappropriate, in my view, to joke about the dead. I would leave the room.",
    "Truthfulness, since I cannot respect myself after a lie; then mercy; then humour.",
    "Sorry to say it, but the plan is bad: it costs too much and helps too few.",
    "I am not allowed to vote yet, but I would vote for the party that protects the rivers.",
    "I prefer not to eat meat because animals feel pain.",
    "I refused the money and told the police.",
    "Ich kann Lügen nicht leiden.",
    "No quiero hacer daño a nadie.",
)
